import Files
import Layers
public import Models
import Tensors

/// A model file that a training begins with: with all of its weights where it is the same model, else with those of its encoder,
/// where both models share one (``EncoderSharing``).
public struct ModelStart: Sendable {
  /// The file's path, for messages.
  public let path: String
  /// The model in the file.
  public let file: ModelFile
  /// SHA-256 of the file.
  public let digest: String

  /// Reads the file.
  ///
  /// - Throws: `ModelFileError` where it is no model's.
  public init(contentsOf path: String) throws {
    self.path = path
    let bytes = try ModelFile.bytes(of: path)
    file = try ModelFile(decoding: bytes, path: path)
    digest = SHA256.hexadecimal(of: bytes)
  }

  /// The name of its model.
  public var modelName: String { type(of: file.model).card.name }

  /// What the images of its model have in common: those to be learnt must be alike.
  public var shape: ImageShape { file.model.shape }

  /// The settings that a model needs to begin with this one.
  ///
  /// - Throws: `TrainingError` where it can begin with none of its weights.
  public func settings(for model: any GenerativeModel.Type) throws -> [String: String] {
    if model is any Fitted.Type {
      throw TrainingError(
        "\(path): a '\(model.card.name)' is fitted to its images from the ground up; leave --start out"
      )
    }
    let texts = file.model.configuration.texts
    if isSame(model) { return texts }
    return try encoderSettings(of: file.model).translated(texts, to: encoderSettings(of: model))
  }

  /// Gives a freshly made model the weights that it begins with, and says how many tensors these are, of how many.
  ///
  /// - Throws: `TrainingError` where the images differ, or an encoder's weights do not fit.
  @discardableResult
  public func apply(to instance: ModelInstance) throws -> (taken: Int, of: Int) {
    guard instance.model.shape == shape else {
      throw TrainingError(
        "\(path): learnt images of \(shape), and these are of \(instance.model.shape); "
          + "--size, --channels and --levels make them alike")
    }
    let held = file.tensors
    let isWhole = isSame(type(of: instance.model))
    let wanted = instance.store.parameters.filter {
      isWhole || $0.name.hasPrefix(Self.encoderPrefix)
    }
    let fitting = wanted.filter { held[$0.name]?.shape == $0.value.shape }
    guard !fitting.isEmpty, isWhole || fitting.count == wanted.count else {
      throw TrainingError(
        "\(path): its weights do not fit this model; leave the settings of its encoder as they are in the file"
      )
    }
    for parameter in fitting {
      if let tensor = held[parameter.name] { parameter.assign(tensor) }
    }
    return (fitting.count, instance.store.parameters.count)
  }

  private static let encoderPrefix = "encoder."

  private func isSame(_ model: any GenerativeModel.Type) -> Bool {
    modelName == model.card.name
  }

  private func encoderSettings(of model: any GenerativeModel.Type) throws -> EncoderSettings {
    guard let sharing = model as? any EncoderSharing.Type else {
      let able = Zoo.models.filter { $0 is any EncoderSharing.Type }.map { $0.card.name }
      throw TrainingError(
        "\(path): holds a '\(modelName)', with which only another one can begin; models that share "
          + "an encoder: \(able.joined(separator: ", "))")
    }
    return sharing.encoderSettings
  }

  private func encoderSettings(of model: any GenerativeModel) throws -> EncoderSettings {
    try encoderSettings(of: type(of: model))
  }
}
