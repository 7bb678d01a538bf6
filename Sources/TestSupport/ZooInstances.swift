import Layers
public import Models
import Tensors

/// A tiny model of the zoo, for laws that take seconds: which model, its settings, its images and its classes.
public struct ZooInstance: Sendable, CustomStringConvertible {
  /// Which model.
  public let kind: any GenerativeModel.Type
  /// Settings that differ from the defaults.
  public let settings: [String: String]
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int

  /// An instance.
  ///
  /// - Parameter settings: those that the model does not have are left out.
  public init(
    _ kind: any GenerativeModel.Type, _ settings: [String: String] = [:], shape: ImageShape,
    classCount: Int = 0
  ) {
    self.kind = kind
    let tiny = Self.tinySettings(of: kind)
    self.settings = tiny.merging(settings.filter { Self.hasSetting($0.key, kind) }) { $1 }
    self.shape = shape
    self.classCount = classCount
  }

  /// Such as `pixelcnn, 6x5 grey, 2 levels, 3 classes`.
  public var description: String {
    let tiny = Self.tinySettings(of: kind)
    let changed = settings.filter { tiny[$0.key] != $0.value }
      .sorted { $0.key < $1.key }.map { ", \($0.key) \($0.value)" }.joined()
    return "\(model), \(shape), \(classCount) classes\(changed)"
  }

  /// The model's name in the zoo.
  public var model: String { kind.card.name }

  /// The settings that make a model tiny, as it declares them.
  private static func tinySettings<Model: GenerativeModel>(of kind: Model.Type) -> [String: String]
  {
    var tiny: [String: String] = [:]
    for setting in Model.Configuration.settings { tiny[setting.name] = setting.tiny }
    return tiny
  }

  static func hasSettings(_ names: some Sequence<String>, _ kind: any GenerativeModel.Type) -> Bool
  {
    names.allSatisfy { hasSetting($0, kind) }
  }

  private static func hasSetting<Model: GenerativeModel>(_ name: String, _ kind: Model.Type) -> Bool
  {
    Model.Configuration.settings.contains { $0.name == name }
  }

  /// The model with freshly drawn parameters.
  public func fresh(seed: UInt64 = 1) throws(ModelError) -> ModelInstance {
    try ModelInstance(
      named: model, settings: settings, shape: shape, classCount: classCount, seed: seed)
  }

  /// The model with parameters far from their regular beginnings: biases that are not zero, outputs
  /// that differ from pixel to pixel.
  ///
  /// One that is fitted in closed form is fitted to random images.
  public func shaken(seed: UInt64 = 1, deviation: Float = 0.15) throws(ModelError) -> ModelInstance
  {
    let instance = try fresh(seed: seed)
    if let model = instance.model as? any Fitted {
      model.fit { consume in consume(batch(50, seed: 1000 + seed)) }
      return instance
    }
    for (index, parameter) in instance.store.parameters.enumerated() {
      let noise = RandomSource(seed: seed, purpose: .testing, index: UInt64(index))
        .normal(parameter.value.shape)
      // An encoder that points elsewhere than the decoder makes estimates that no number of samples mends.
      let share: Float =
        parameter.name.hasPrefix("prior.")
        ? 0.05
        : parameter.name.hasPrefix("encoder.") || parameter.name.contains(".causal.map.")
          ? 0.2 : parameter.name.hasPrefix("decoder.") ? 0.5 : 1
      parameter.assign(parameter.value.detached + noise * (deviation * share))
    }
    return instance
  }

  /// Random images, dark ones more often, with every class in turn; some labels are unknown where asked for.
  public func batch(_ count: Int, seed: UInt64 = 7, unknownLabels: Bool = false) -> ImageBatch {
    let uniforms = RandomSource(seed: seed, purpose: .testing, index: 99)
      .uniforms(count * shape.dimensionCount)
    let top = Float(shape.levels - 1)
    let levels = uniforms.map { min(top, ($0 * $0 * Float(shape.levels)).rounded(.down)) }
    let labels = labels(count).enumerated().map { unknownLabels && $0 % 4 == 3 ? nil : $1 }
    return ImageBatch(
      levels: Tensor(levels, shape: [count, shape.height, shape.width, shape.channels]),
      labels: classCount > 0 ? labels : nil)
  }

  /// Every class in turn; nil without classes.
  public func labels(_ count: Int) -> [Int?] {
    (0..<count).map { classCount > 0 ? $0 % classCount : nil }
  }

  /// The requests for images `first ..< first + count` of this seed.
  public func requests(_ count: Int, seed: UInt64 = 3) -> [SampleRequest] {
    labels(count).enumerated().map { index, label in
      SampleRequest(
        label: label, random: RandomSource(seed: seed, purpose: .sampling, index: UInt64(index)))
    }
  }
}
