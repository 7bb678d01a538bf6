public import Models
import Tensors
public import Training

/// An image that was drawn, and what is known of it.
public struct DrawnSample: Sendable {
  /// The levels of the image.
  public let levels: [Float]
  /// log p(image | class) in nats, of the drawer's `scoreKind`; nil where the model has no likelihood.
  public internal(set) var logLikelihood: Double?
  /// p(label | image), where labels are checked.
  public internal(set) var labelProbability: Double?
}

/// Draws new images in memory, and scores them.
public struct SampleDrawer: Sendable {
  /// How images are drawn.
  public struct Options: Sendable {
    /// Below 1 likely images are preferred, above 1 unlikely ones; 1 draws from the model, its pixels as it sees fit.
    public var temperature: Temperature = 1
    /// Whether the probability of each sample's label is asked for.
    public var checksLabels = false
    /// Whether samples are to be scored where drawing does not tell how likely they are.
    public var wantsScores = true
    /// How often each class was seen when the model learnt, by proportion; alike where that is not known.
    public var classCounts: [Int] = []

    /// The defaults.
    public init() {}
  }

  private let model: any Sampling
  private var check: LabelCheck?
  private let wantsScores: Bool
  private let temperature: Temperature
  private let context: Context

  /// A drawer with this model.
  ///
  /// - Throws: `EngineError.cannot` where the model cannot sample, or cannot tell classes apart and shall.
  public init(
    _ model: any GenerativeModel, _ options: Options, _ context: Context
  ) throws(EngineError) {
    guard let sampling = model as? any Sampling else {
      throw .cannot(Zoo.lacking("sample", type(of: model)).description)
    }
    self.model = sampling
    self.context = context
    temperature = options.temperature
    wantsScores = options.wantsScores
    let classCounts =
      options.classCounts.isEmpty
      ? [Int](repeating: 1, count: model.classCount) : options.classCounts
    check =
      options.checksLabels
      ? try LabelCheck(model, classCounts: classCounts, Pass(context.precision)) : nil
  }

  /// The drawer whose check of labels has seen how it judges real images, labelled by the model's classes.
  package func calibrated(on images: ImageDataset) -> SampleDrawer {
    var drawer = self
    drawer.check = context.run { check?.calibrated(on: images) }
    return drawer
  }

  /// Whether images can be drawn from latent points that are given.
  public var takesLatents: Bool { model is any LatentSampling }

  /// What the log-likelihoods are; nil where the model has none.
  public var scoreKind: ScoreKind? { (model as? any Scoring)?.scoreKind }

  /// Draws an image for each request; the n-th depends on the n-th request alone.
  ///
  /// - Parameter latents: a point for each request, where images are drawn from points that are given.
  /// - Throws: `EngineError.cannot` where points are given and the model takes none, or its numbers are not finite.
  public func draw(
    _ requests: [SampleRequest], latents: [[Float]]? = nil
  ) throws(EngineError) -> [DrawnSample] {
    var drawn: [Sample] = []
    if let latents {
      guard let model = model as? any LatentSampling else {
        throw .cannot(
          "'\(type(of: model).card.name)' does not draw from latent points that are given")
      }
      let points = Tensor(latents.flatMap { $0 }, shape: [requests.count, model.latentCount])
      drawn = context.run {
        model.samples(
          requests, latents: points, temperature: temperature, Pass(context.precision))
      }
    } else {
      drawn = context.run {
        model.samples(requests, temperature: temperature, Pass(context.precision))
      }
    }
    guard drawn.allSatisfy(\.isFinite) else { throw .notFinite("samples or likelihoods", model) }
    let samples = drawn.map { DrawnSample(levels: $0.levels, logLikelihood: $0.logLikelihood) }
    let lacksScores = wantsScores && samples.contains { $0.logLikelihood == nil }
    guard check != nil || lacksScores else { return samples }
    let scored = context.run {
      Tiles.map(Array(zip(samples, requests.map(\.label)))) { judged($0) }
    }
    guard scored.allSatisfy({ $0.logLikelihood?.isLikelihood ?? true }) else {
      throw .notFinite("likelihoods", model)
    }
    return scored
  }

  /// Scores a tile on the calling thread.
  private func judged(_ tile: Tile<(DrawnSample, Int?)>) -> [DrawnSample] {
    let labels = tile.padded.map(\.1)
    let batch = ImageBatch(
      tile.padded.map(\.0.levels), labels: labels.map { model.classCount > 0 ? $0 : nil },
      shape: model.shape)
    var judged = tile.items.map(\.0)
    if wantsScores, judged[0].logLikelihood == nil, let model = model as? any Scoring {
      let scores = model.scores(batch, Pass(context.precision))
      for image in judged.indices { judged[image].logLikelihood = scores[image] }
    }
    if let check {
      let probabilities = check.probabilities(batch.levels, labels: labels.map { $0 ?? 0 })
      for image in judged.indices { judged[image].labelProbability = probabilities[image] }
    }
    return judged
  }
}
