public import Tensors

/// How a model is run: in which precision, and whether to learn.
public struct Pass: Sendable {
  /// The type of activations.
  public var elementType: ElementType
  /// Where dropout and other noise of training come from; nil outside training.
  public var noise: RandomSource?

  /// A pass in this precision; with noise where the model is to learn from it.
  public init(_ elementType: ElementType = .float32, noise: RandomSource? = nil) {
    self.elementType = elementType
    self.noise = noise
  }
}
