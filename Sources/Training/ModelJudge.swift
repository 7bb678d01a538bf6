import Models
import Tensors

/// Scores a model on the images that were set aside for that.
struct ModelJudge {
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
    let pass = Pass(precision)
    var total = 0.0
    for start in stride(from: 0, to: count, by: 100) {
      let batch = images.batch(Array(start..<min(count, start + 100)))
      if let scoring = model as? any Scoring {
        total -= scoring.scores(batch, pass).logLikelihoods.reduce(0, +)
      } else if let objective = model.objectives.first {
        total += Double(objective.loss(batch, pass).scalar) * Double(batch.count)
      }
    }
    return total / Double(count)
  }

  /// What the score is: the kind of likelihood, or the name of the loss.
  var scoreKind: String {
    guard let scoring = model as? any Scoring else { return model.objectives.first?.name ?? "none" }
    return scoring.scores(images.batch([0]), Pass()).kind.description
  }
}
