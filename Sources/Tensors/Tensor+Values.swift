/// Making tensors out of numbers, and numbers out of tensors.
extension Tensor {
  /// A float32 tensor with these values in row-major order.
  public init(_ values: [Float], shape: Shape) {
    precondition(values.count == shape.count, "\(values.count) values for a shape \(shape)")
    self.init(uninitialized: shape)
    values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { floats.update(from: base, count: values.count) }
    }
  }

  /// A float32 scalar.
  public init(_ value: Float) {
    self.init([value], shape: [])
  }

  /// A tensor that holds one value everywhere.
  public init(repeating value: Float, shape: Shape, _ elementType: ElementType = .float32) {
    let constant = Tensor(uninitialized: shape)
    constant.floats.update(repeating: value, count: shape.count)
    self = constant.converted(to: elementType)
  }

  /// A float32 tensor whose values `initializer` writes; it must write all of them.
  public init(shape: Shape, initializer: (UnsafeMutableBufferPointer<Float>) throws -> Void)
    rethrows
  {
    self.init(uninitialized: shape)
    try initializer(UnsafeMutableBufferPointer(start: floats, count: shape.count))
  }

  /// All elements in row-major order, as float32.
  public var values: [Float] {
    let source = converted(to: .float32)
    return Array(UnsafeBufferPointer(start: source.floats, count: count))
  }

  /// The value of a tensor with one element.
  public var scalar: Float {
    precondition(count == 1, "a single value is asked of a tensor \(shape)")
    return values[0]
  }

  /// Reads the elements of a float32 tensor in place.
  public func withValues<Result>(
    _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    let source = converted(to: .float32)
    return try withExtendedLifetime(source) {
      try body(UnsafeBufferPointer(start: source.floats, count: count))
    }
  }

  /// Whether no element is infinite or not a number.
  public var isFinite: Bool { withValues { $0.allSatisfy(\.isFinite) } }

  /// Changes the elements of a float32 tensor in place: for parameters and their optimisers alone.
  ///
  /// Every copy of this tensor sees the change.
  package func updateInPlace(_ body: (UnsafeMutableBufferPointer<Float>) -> Void) {
    body(UnsafeMutableBufferPointer(start: floats, count: count))
    buffer.hasChanged()
  }
}
