/// What a training tells whoever watches it.
public struct TrainingProgress: Sendable {
  /// Optimiser steps made.
  public let step: Int
  /// Passes over the images behind, in parts.
  public let epoch: Double
  /// The share of the training behind, 0...1.
  public let fraction: Double
  /// Means of what steps told, by name, as the log last had them: nats an image where they are likelihoods'.
  public let values: [(name: String, value: Double)]
  /// The latest validation, lower being better.
  public let validation: Double?
  /// Images a second over the training so far.
  public let imagesPerSecond: Double
  /// Seconds that the rest will take at this rate.
  public let secondsLeft: Double
}

/// What came of a training.
public struct TrainingResult: Sendable {
  /// The best validation, lower being better; nil where nothing judged the model.
  public let validation: Double?
  /// What that is: the kind of a likelihood, the name of an objective, or a distance.
  public let validationKind: String
  /// Whether it is a likelihood, in nats an image.
  public let isLikelihood: Bool
  /// Optimiser steps made; 0 for a model that is fitted.
  public let steps: Int
  /// Seconds of training, over all runs.
  public let seconds: Double
  /// Whether the averaged weights were the best.
  public let isAverage: Bool
  /// Whether it ended because validation no longer improved.
  public let stoppedEarly: Bool
}
