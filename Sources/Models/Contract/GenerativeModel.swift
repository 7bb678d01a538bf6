public import Layers
import Tensors

/// A model of images.
///
/// What it can do beyond learning, it says by the protocols of this folder, each a capability that callers ask for:
/// nobody asks which family or which model it is.
public protocol GenerativeModel: Sendable {
  /// Its settings.
  associatedtype Configuration: ModelConfiguration
  /// Its name, family and origin.
  static var card: ModelCard { get }

  /// Makes sure that it is a model of such images, of so many classes, 0 where they have none; by default it is one of all.
  static func check(_ shape: ImageShape, classCount: Int) throws(ModelError)

  /// The settings it was made with.
  var configuration: Configuration { get }
  /// What its images have in common.
  var shape: ImageShape { get }
  /// The classes that it tells apart; 0 where it is unconditional.
  var classCount: Int { get }
  /// What training descends: one objective for a likelihood, two for adversaries, none where the model is `Fitted`.
  var objectives: [Objective] { get }
  /// What decides which weights of a training are kept.
  var weightSelection: WeightSelection { get }

  /// Registers every parameter and state under `scope`; its shape has passed `check`.
  init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError)
}

/// What decides which weights of a training are kept.
public enum WeightSelection: Sendable, Equatable {
  /// The best score of images that were set aside.
  case score
  /// The least value of this objective on them.
  case objective(String)
  /// The least value of this objective on those of them that have labels; the last weights where none has.
  case labelledObjective(String)
  /// The least distance of samples to them: for models that draw and have no likelihood.
  case sampleDistance
  /// Nothing: the last weights are kept.
  case last
}
