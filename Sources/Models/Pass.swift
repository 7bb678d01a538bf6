public import Tensors

/// How a model is run: in which precision, and whether to learn.
public struct Pass: Sendable {
  /// The type of activations.
  public var elementType: ElementType
  /// Where dropout and other noise of training come from; nil outside training.
  public var noise: RandomSource?
  /// Optimiser steps made so far, for losses that warm up; 0 outside training.
  public var step: Int

  /// A pass in this precision; with noise and the steps made where the model is to learn from it.
  public init(_ elementType: ElementType = .float32, noise: RandomSource? = nil, step: Int = 0) {
    self.elementType = elementType
    self.noise = noise
    self.step = step
  }

  /// The weight of a loss that rises from 0 to 1 over so many first steps; 1 outside training.
  func warmth(over steps: Int) -> Float {
    guard noise != nil, steps > 0 else { return 1 }
    return min(1, Float(step + 1) / Float(steps))
  }
}
