public import Layers
public import Tensors

/// A model of images.
///
/// What it can do beyond learning, it says by the capability protocols.
public protocol GenerativeModel: Sendable {
  /// Its settings.
  associatedtype Configuration: ModelConfiguration
  /// Its name, family and origin.
  static var card: ModelCard { get }
  /// The settings it was made with.
  var configuration: Configuration { get }
  /// What its images have in common.
  var shape: ImageShape { get }
  /// The classes that it tells apart; 0 where it is unconditional.
  var classCount: Int { get }
  /// What training minimises: one for a likelihood model, two for an adversarial one, none where the
  /// model is fitted in closed form.
  var objectives: [Objective] { get }

  /// Registers every parameter under `scope`.
  init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError)
}

/// What a model is, for listings.
public struct ModelCard: Sendable {
  /// The name on the command line.
  public let name: String
  /// Such as `autoregressive`.
  public let family: String
  /// One line.
  public let summary: String
  /// The paper.
  public let citation: String
  /// The highest learning rate that it is commonly trained with.
  public let learningRate: Float

  /// A card with these entries.
  public init(
    name: String, family: String, summary: String, citation: String, learningRate: Float = 1e-3
  ) {
    self.name = name
    self.family = family
    self.summary = summary
    self.citation = citation
    self.learningRate = learningRate
  }
}

/// One loss and the parameters that it trains.
public struct Objective: Sendable {
  /// Such as `likelihood`, or `generator`.
  public let name: String
  /// The parameters that this loss changes; no other objective changes them.
  public let parameters: [Parameter]
  /// The mean loss of a batch's images, a float32 scalar.
  public let loss: @Sendable (ImageBatch, Pass) -> Tensor

  /// An objective.
  public init(
    name: String, parameters: [Parameter],
    loss: @escaping @Sendable (ImageBatch, Pass) -> Tensor
  ) {
    self.name = name
    self.parameters = parameters
    self.loss = loss
  }
}

/// A model that is fitted to the data without gradients.
public protocol ClosedForm: GenerativeModel {
  /// Sets every parameter from all images.
  ///
  /// - Parameters:
  ///   - batches: calls its argument with every batch in turn; may be called several times.
  ///   - progress: called after each pass over the images, where there are several; what it throws ends the fitting.
  func fit(
    batches: ((ImageBatch) -> Void) throws -> Void,
    progress: (FittingProgress) throws -> Void
  ) rethrows
}

extension ClosedForm {
  /// Sets every parameter from all images.
  public func fit(batches: ((ImageBatch) -> Void) throws -> Void) rethrows {
    try fit(batches: batches, progress: { _ in })
  }
}

/// How far a fitting in several passes is.
public struct FittingProgress: Sendable {
  /// Passes over the images behind.
  public let passes: Int
  /// The share of the most passes there can be, 0...1.
  public let fraction: Double
  /// What the last pass found to be minimised, in nats an image.
  public let loss: Double

  /// Progress.
  public init(passes: Int, fraction: Double, loss: Double) {
    self.passes = passes
    self.fraction = fraction
    self.loss = loss
  }
}
