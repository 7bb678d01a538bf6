public import Tensors

/// How a model is run: in which precision, and whether it learns.
public struct Pass: Sendable {
  /// What a model that learns is told besides its images.
  public struct Learning: Sendable {
    /// Where dropout and other noise come from.
    public let noise: RandomSource
    /// Optimiser steps made so far, for losses that warm up.
    public let step: Int
    /// The share of the training behind, 0...1.
    public let progress: Double
    /// Which part of the batch these images are, and how many parts there are: they are computed side by side.
    public let shard: (index: Int, count: Int)
  }

  /// The type of activations.
  public let elementType: ElementType
  /// What there is to know of the learning; nil where the model is only used.
  public let learning: Learning?

  /// A pass of a model that is only used.
  public init(_ elementType: ElementType = .float32) {
    self.elementType = elementType
    learning = nil
  }

  /// A pass of a model that learns.
  public init(
    _ elementType: ElementType = .float32, noise: RandomSource, step: Int = 0,
    progress: Double = 0, shard: (index: Int, count: Int) = (0, 1)
  ) {
    precondition((0..<shard.count).contains(shard.index))
    self.elementType = elementType
    learning = Learning(noise: noise, step: step, progress: progress, shard: shard)
  }

  /// Whether the model learns.
  public var isLearning: Bool { learning != nil }

  /// Where noise comes from; nil where the model is only used.
  public var noise: RandomSource? { learning?.noise }

  /// The weight of a loss that rises from 0 to 1 over so many first steps, or over the first three tenths of a training
  /// that is too short for them; 1 where the model is only used.
  func warmth(over steps: Int) -> Float {
    guard let learning, steps > 0 else { return 1 }
    return min(
      1, max(Float(learning.step + 1) / Float(steps), Float(learning.progress / 0.3)))
  }
}
