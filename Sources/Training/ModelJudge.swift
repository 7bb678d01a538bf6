import Models
import Tensors

/// Judges a model by the images that were set aside for that, in the way that the model asks for.
struct ModelJudge: Sendable {
  private let model: any GenerativeModel
  private let images: ImageDataset
  /// Those that it is judged by.
  private let indices: [Int]
  private let precision: ElementType
  private let distance: SampleDistance?

  /// - Parameter precision: of activations; fittings are judged in float32.
  init(
    _ model: any GenerativeModel, _ images: ImageDataset, _ options: TrainingOptions,
    precision: ElementType
  ) {
    self.model = model
    self.images = images
    self.precision = precision
    let isLabelled = if case .labelledObjective = model.weightSelection { true } else { false }
    indices = Array(
      images.labels.indices.filter { !isLabelled || images.labels[$0] != nil }
        .prefix(options.mostValidationImages))
    distance =
      model.weightSelection == .sampleDistance
      ? (model as? any Sampling).map { SampleDistance($0, images, precision: precision) } : nil
  }

  /// Whether there is anything to judge by.
  var isJudging: Bool { model.weightSelection != .last && !indices.isEmpty }

  /// What a model is worth.
  struct Judgement {
    /// Lower is better: mean nats an image where the model is chosen by its score, else the mean of its objective, or the
    /// distance of its samples.
    let score: Double
    /// How much its samples differ from each other, as a share of how much images do, where it is chosen by them.
    var spread: Double?
  }

  /// Judges it as it is now.
  func judgement() -> Judgement {
    if let found = distance?.judgement() {
      return Judgement(score: found.distance, spread: found.spread)
    }
    let sums = ThreadPool.map(Tiles.count(indices.count)) { tile in
      sum(Array(indices[Tiles.range(tile, of: indices.count)]))
    }
    return Judgement(score: sums.reduce(0, +) / Double(indices.count))
  }

  /// The sum over these images, computed on the calling thread.
  private func sum(_ indices: [Int]) -> Double {
    let batch = images.batch(indices)
    let pass = Pass(precision)
    switch model.weightSelection {
    case .score:
      return -((model as? any Scoring)?.scores(batch, pass).reduce(0, +) ?? 0)
    case .objective(let name), .labelledObjective(let name):
      let objective = model.objectives.first { $0.name == name }
      return Double(objective?.value(batch, pass).scalar ?? 0) * Double(batch.count)
    case .sampleDistance, .last: return 0
    }
  }

  /// What the number is: the kind of likelihood, the name of the objective, or a distance.
  var kind: String {
    switch model.weightSelection {
    case .score: (model as? any Scoring)?.scoreKind.description ?? "none"
    case .objective(let name), .labelledObjective(let name): name
    case .sampleDistance: "energy distance of samples"
    case .last: "none"
    }
  }

  /// Whether the number is a score in nats.
  var isLikelihood: Bool { model.weightSelection == .score }
}
