import Layers
public import Models
import Tensors

/// How a model is trained.
public struct TrainingOptions: Sendable {
  /// When training ends at the latest.
  public enum Length: Sendable, Equatable {
    /// After this many passes over the images.
    case epochs(Int)
    /// After this many minutes of training.
    case minutes(Double)
  }

  /// When training ends at the latest.
  public var length = Length.epochs(50)
  /// Steps that are made at least where the length is one of passes: passes over few images are short.
  public var leastSteps = 0
  /// Images a step.
  public var batchSize = 32
  /// The highest learning rate; nil: the model's own.
  public var learningRate: Float?
  /// The joint norm that gradients are clipped to.
  public var clippingNorm: Float = 1
  /// Share of the averaged weights that a step keeps.
  public var averageDecay: Float = 0.999
  /// Validations without a better score after which training ends, at the earliest ``fewestStepsWithoutGain`` steps after
  /// the best one; nil: never.
  public var patience: Int? = 10
  /// How much training images are moved about.
  public var transforms = TransformStrength.none
  /// SHA-256 of the model file that it begins with; nil where weights are drawn.
  public var startDigest: String?
  /// Decides initial weights, the order of images and dropout.
  public var seed: UInt64 = 0
  /// Most validation images that a validation looks at.
  public var mostValidationImages = 5000
  /// Seconds between checkpoints.
  public var checkpointInterval = 120.0

  /// Steps without a better validation score before which no training ends, however many passes they are.
  ///
  /// Ten passes over a hundred images are some thirty steps: not even the warm-up of the learning rate.
  public static let fewestStepsWithoutGain = 1000
  /// Steps between validations at least.
  public static let fewestStepsBetweenValidations = 5

  /// The defaults.
  public init() {}

  /// Text that is equal where, and only where, a checkpoint of one can be resumed with the other.
  func fingerprint(_ precision: ElementType) -> String {
    "\(batchSize) \(learningRate.map { "\($0)" } ?? "own") \(clippingNorm) \(averageDecay) "
      + "\(patience.map { "\($0)" } ?? "none") \(seed) \(precision) \(mostValidationImages)"
      + (transforms == .none ? "" : " \(transforms)")
      + (startDigest.map { " \($0)" } ?? "")
  }
}

/// Why training cannot go on.
public struct TrainingError: Error, CustomStringConvertible, Equatable {
  /// The reason and what to try.
  public let description: String

  /// An error with this message.
  public init(_ description: String) {
    self.description = description
  }
}
