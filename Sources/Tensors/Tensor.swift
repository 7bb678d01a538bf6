import CKernels

/// A dense array of numbers, row-major, whose contents never change once an operation has made it.
///
/// Images and activations are NHWC, `[batch, height, width, channels]`. Copies share memory. Only the
/// operations of this target touch that memory; everything above composes operations.
public struct Tensor: Sendable {
  /// The sizes of the axes.
  public let shape: Shape
  /// What one element is.
  public let elementType: ElementType
  private(set) var buffer: Buffer
  let byteOffset: Int
  /// Where this value stands in the gradient graph; nil for a constant.
  package let node: GradientNode?

  init(
    shape: Shape, elementType: ElementType, buffer: Buffer, byteOffset: Int = 0,
    node: GradientNode? = nil
  ) {
    self.shape = shape
    self.elementType = elementType
    self.buffer = buffer
    self.byteOffset = byteOffset
    self.node = node
  }

  /// A tensor whose elements an operation is about to write.
  init(uninitialized shape: Shape, _ elementType: ElementType = .float32) {
    self.init(
      shape: shape, elementType: elementType,
      buffer: BufferPool.shared.take(byteCount: shape.count * elementType.byteCount))
  }

  /// The number of elements.
  public var count: Int { shape.count }

  /// The memory, for operations to read, or to write before anyone else holds the tensor.
  var pointer: UnsafeMutableRawPointer { buffer.pointer + byteOffset }

  /// Whether nobody else holds the memory: an operation may then leave its result there.
  var isAlone: Bool { mutating get { isKnownUniquelyReferenced(&buffer) } }

  /// The same values as a constant in memory that may be overwritten: this tensor's where nobody else holds it, else a
  /// copy.
  var writable: Tensor {
    mutating get {
      if isAlone {
        buffer.hasChanged()
        return detached
      }
      let copy = Tensor(uninitialized: shape, elementType)
      let bytes = Int64(count * elementType.byteCount)
      kernels_copy_rows(pointer, bytes, copy.pointer, bytes, bytes, 1)
      return copy
    }
  }

  /// The memory of a float32 tensor.
  var floats: UnsafeMutablePointer<Float> {
    precondition(elementType == .float32, "a float32 tensor is needed here, not \(elementType)")
    return pointer.assumingMemoryBound(to: Float.self)
  }

  /// The same values as a constant: no gradient flows through them.
  public var detached: Tensor { with(node: nil) }

  func with(node: GradientNode?) -> Tensor {
    Tensor(
      shape: shape, elementType: elementType, buffer: buffer, byteOffset: byteOffset, node: node)
  }
}
