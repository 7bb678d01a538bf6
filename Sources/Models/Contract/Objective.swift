public import Layers
public import Tensors

/// Something that training descends, and how: parameters, optimiser, rate and rhythm of its own.
public struct Objective: Sendable {
  /// What the gradient of an objective's scalar is.
  public enum Signal: Sendable {
    /// The slope of a loss, which is the scalar.
    case loss
    /// An estimate of the slope of something that is not computed, as contrastive divergence is of a log-likelihood; the
    /// scalar itself means little.
    case gradientEstimate
  }

  /// Such as `likelihood`, or `generator`: what the log calls its numbers.
  public let name: String
  /// The parameters that it changes.
  public let parameters: [Parameter]
  /// What its gradient is.
  public let signal: Signal
  /// How gradients become steps.
  public let optimizer: OptimizerKind
  /// Its learning rate as a multiple of the training's.
  public let rateFactor: Float
  /// It takes part in every n-th step of a training.
  public let interval: Int
  /// The mean over a batch's images, a float32 scalar, in nats an image where it is a likelihood's.
  public let value: @Sendable (ImageBatch, Pass) -> Tensor

  /// An objective.
  public init(
    name: String, parameters: [Parameter], signal: Signal = .loss,
    optimizer: OptimizerKind = .adam(), rateFactor: Float = 1, interval: Int = 1,
    value: @escaping @Sendable (ImageBatch, Pass) -> Tensor
  ) {
    precondition(interval > 0 && rateFactor > 0)
    self.name = name
    self.parameters = parameters
    self.signal = signal
    self.optimizer = optimizer
    self.rateFactor = rateFactor
    self.interval = interval
    self.value = value
  }
}
