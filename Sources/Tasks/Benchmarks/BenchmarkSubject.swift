import Files
import Layers
public import Models
import Tensors
import Training

/// What a step benchmark trains: a model of the zoo, or `dense`, a network that stands for all work
/// that is large matrix products.
public struct BenchmarkSubject: Sendable {
  let objectives: [Objective]
  let parameters: [Parameter]
  /// The highest learning rate that it is commonly trained with.
  let learningRate: Float
  /// The share of a batch that labelled images make up, where they are rare.
  let labelledShare: Double
  private let instance: ModelInstance?

  /// A subject with freshly drawn weights.
  ///
  /// - Throws: `ModelError` for an unknown name, settings that do not fit, or a model that is fitted in closed form
  ///   and so makes no steps.
  public init(
    named name: String, settings: [String: String], shape: ImageShape, classCount: Int,
    seed: UInt64
  ) throws(ModelError) {
    guard name != DenseNetwork.name else {
      let store = ParameterStore(seed: seed)
      let network = try DenseNetwork(
        .init(texts: settings, model: name), shape: shape, scope: store.root)
      self.init(
        objectives: [
          Objective(name: "likelihood", parameters: store.parameters, value: network.loss)
        ], parameters: store.parameters, learningRate: 1e-3, labelledShare: 0, instance: nil)
      return
    }
    let instance = try ModelInstance(
      named: name, settings: settings, shape: shape, classCount: classCount, seed: seed)
    let model = instance.model
    guard !model.objectives.isEmpty else {
      throw ModelError("'\(name)' is fitted in closed form and makes no steps")
    }
    self.init(
      objectives: model.objectives, parameters: instance.store.parameters,
      learningRate: type(of: model).card.learningRate,
      labelledShare: (model as? any SemiSupervised)?.labelledShare ?? 0, instance: instance)
  }

  private init(
    objectives: [Objective], parameters: [Parameter], learningRate: Float, labelledShare: Double,
    instance: ModelInstance?
  ) {
    self.objectives = objectives
    self.parameters = parameters
    self.learningRate = learningRate
    self.labelledShare = labelledShare
    self.instance = instance
  }

  /// The model whose state steps bring up to date, where it has one.
  var stateful: (any Stateful)? { instance?.model as? any Stateful }

  /// The number of values of all parameters.
  public var valueCount: Int { parameters.reduce(0) { $0 + $1.value.count } }

  /// Writes the present weights: those of a model of the zoo as a model file, others as tensors alone.
  public func write(to path: String, classes: [String]) throws {
    if let instance {
      try ModelFile(instance: instance, classes: classes).write(to: path)
    } else {
      let tensors = Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.value) })
      try AtomicFile.write(
        Safetensors(tensors: tensors, metadata: [:]).encoded(), to: path, synchronise: true)
    }
  }
}
