/// What the way back needs to know of an operand that may have been broadcast.
///
/// It holds no memory, and asks for no gradient that nobody wants.
struct Operand {
  private let shape: Shape
  private let elementType: ElementType
  private let isRecorded: Bool

  /// An operand of an operation that is being recorded.
  init(_ tensor: Tensor) {
    shape = tensor.shape
    elementType = tensor.elementType
    isRecorded = tensor.isRecorded
  }

  /// The operand's gradient, from one of the result's shape that is computed only where it is wanted.
  func gradient(_ make: () -> Tensor) -> Tensor? {
    isRecorded ? make().summed(to: shape, elementType) : nil
  }
}
