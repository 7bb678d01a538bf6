import Models
import Tensors

/// Scores a model on the images that were set aside for that.
struct ModelJudge: Sendable {
  private let model: any GenerativeModel
  private let images: ImageDataset
  private let count: Int
  private let precision: ElementType

  init(_ model: any GenerativeModel, _ images: ImageDataset, _ options: TrainingOptions) {
    self.model = model
    self.images = images
    count = min(images.count, options.mostValidationImages)
    precision = options.precision
  }

  /// Mean nats an image: the score where the model has one, else the first loss; lower is better.
  func score() -> Double {
    let size = 64
    let sums = ThreadPool.map((count + size - 1) / size) { tile in
      sum(Array(tile * size..<min(count, (tile + 1) * size)))
    }
    return sums.reduce(0, +) / Double(count)
  }

  /// The sum over these images, computed on the calling thread.
  private func sum(_ indices: [Int]) -> Double {
    let batch = images.batch(indices)
    let pass = Pass(precision)
    if let scoring = model as? any Scoring {
      return -scoring.scores(batch, pass).logLikelihoods.reduce(0, +)
    }
    guard let objective = model.objectives.first else { return 0 }
    return Double(objective.loss(batch, pass).scalar) * Double(batch.count)
  }

  /// What the score is: the kind of likelihood, or the name of the loss.
  var scoreKind: String {
    guard let scoring = model as? any Scoring else { return model.objectives.first?.name ?? "none" }
    return scoring.scores(images.batch([0]), Pass()).kind.description
  }
}
