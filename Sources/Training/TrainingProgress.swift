/// What a training tells whoever watches it.
public struct TrainingProgress: Sendable {
  /// Optimiser steps made.
  public let step: Int
  /// Passes over the images behind, in parts.
  public let epoch: Double
  /// The share of the training behind, 0...1.
  public let fraction: Double
  /// Mean loss since the last report, in nats an image.
  public let loss: Double
  /// The latest validation score, in nats an image.
  public let validation: Double?
  /// Images a second over the training so far.
  public let imagesPerSecond: Double
  /// Seconds that the rest will take at this rate.
  public let secondsLeft: Double
}

/// What came of a training.
public struct TrainingResult: Sendable {
  /// The best validation score, in nats an image; nil for a model fitted in closed form without validation.
  public let validation: Double?
  /// What the score is.
  public let scoreKind: String
  /// Optimiser steps made.
  public let steps: Int
  /// Seconds of training, over all runs.
  public let seconds: Double
  /// Whether the averaged weights were the best.
  public let isAverage: Bool
  /// Whether it ended because validation no longer improved.
  public let stoppedEarly: Bool
}
