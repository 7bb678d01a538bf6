public import Layers
public import Tensors

/// Every model there is.
///
/// A new one is one file, and one line here.
public enum Zoo {
  /// The models in the order of listings.
  public static let models: [any GenerativeModel.Type] = [
    PixelCNN.self,
    PixelRNN.self,
    WaveNet.self,
    Window.self,
    RecurrentNetwork.self,
    NeuralAutoregressiveEstimator.self,
    OrderlessNade.self,
    AnyOrder.self,
    MaskedAutoencoder.self,
    VariationalAutoencoder.self,
    SemiVariationalAutoencoder.self,
    Autoencoder.self,
    ContrastiveEncoder.self,
    Classifier.self,
    GenerativeAdversarialNetwork.self,
    NonlinearIndependentComponents.self,
    RealNVP.self,
    NaiveBayes.self,
    Mixture.self,
    RestrictedBoltzmannMachine.self,
    DeepBoltzmannMachine.self,
    GenerativeStochasticNetwork.self,
  ]

  /// The model of this name.
  public static func model(named name: String) throws(ModelError) -> any GenerativeModel.Type {
    for model in models where model.card.name == name { return model }
    throw ModelError(
      "there is no model '\(name)'; there are \(models.map { $0.card.name }.joined(separator: ", "))"
    )
  }

  /// The model that plays a role in augmentation.
  public static func model(for role: AugmentationRole) -> any GenerativeModel.Type {
    for model in models where model.card.augmentationRole == role { return model }
    preconditionFailure("no model for \(role)")
  }

  /// What a kind of model can do, in the words of listings.
  public static func capabilities(of model: any GenerativeModel.Type) -> [String] {
    var capabilities: [String] = []
    if model is any Sampling.Type { capabilities.append("sample") }
    if model is any Scoring.Type { capabilities.append("score") }
    if model is any Completing.Type { capabilities.append("complete") }
    if model is any Encoding.Type { capabilities.append("encode") }
    if model is any Decoding.Type { capabilities.append("decode") }
    if model is any Classifying.Type { capabilities.append("classify") }
    return capabilities
  }

  /// The error for a model that lacks a capability, naming those that have it.
  public static func lacking(_ capability: String, _ model: any GenerativeModel.Type) -> ModelError
  {
    let able = models.filter { capabilities(of: $0).contains(capability) }.map { $0.card.name }
    return ModelError(
      "'\(model.card.name)' cannot \(capability); models that can: \(able.joined(separator: ", "))")
  }
}

/// A model together with its parameters.
public struct ModelInstance: Sendable {
  /// The model.
  public let model: any GenerativeModel
  /// Its parameters.
  public let store: ParameterStore

  /// Makes a model with freshly drawn parameters.
  ///
  /// - Parameters:
  ///   - settings: texts by name, as in `--set NAME=VALUE`.
  ///   - held: the shapes of the parameters in a file, by name: see `ParameterStore.refused`.
  public init(
    named name: String, settings: [String: String] = [:], shape: ImageShape, classCount: Int,
    seed: UInt64 = 0, held: [String: Shape]? = nil
  ) throws(ModelError) {
    let kind = try Zoo.model(named: name)
    store = ParameterStore(seed: seed, held: held)
    // What a file lacks is older than the setting.
    let former = held != nil ? Self.formerTexts(of: kind) : [:]
    model = try Self.make(kind, former.merging(settings) { $1 }, shape, classCount, store)
  }

  private static func formerTexts<Model: GenerativeModel>(of kind: Model.Type) -> [String: String] {
    Model.Configuration.formerTexts
  }

  private static func make<Model: GenerativeModel>(
    _ kind: Model.Type, _ settings: [String: String], _ shape: ImageShape, _ classCount: Int,
    _ store: ParameterStore
  ) throws(ModelError) -> any GenerativeModel {
    let configuration = try Model.Configuration(texts: settings, model: Model.card.name)
    let classCount = Model.card.heedsClasses ? classCount : 0
    try Model.check(shape, classCount: classCount)
    let model = try Model(configuration, shape: shape, classCount: classCount, scope: store.root)
    precondition(model.classCount == classCount, "a model of other classes than it was made for")
    return model
  }
}
