package import Models
import Platform
package import Tensors

/// Asks the model itself how probable the label of an image is.
///
/// Every class is taken to be as common as the others. A classifier has learnt how common they were: its
/// q(c | x) is divided by the share of class c among the labelled images that taught it, and made to sum to 1 again
/// (Saerens et al. 2002, Adjusting the Outputs of a Classifier to New a Priori Probabilities, equation 2.4);
/// otherwise it would hardly ever find a rare class probable. Of likelihoods, by Bayes' rule,
/// p(c | x) = p(x | c) / Σ p(x | c').
///
/// Either is far too sure, likelihoods above all, which are sums over hundreds of pixels: ``calibrated(on:)`` makes
/// what is said with probability p right as often.
package struct LabelCheck: Sendable {
  private enum Source: Sendable {
    /// The logarithm of what each class's probability is divided by.
    case classifier(any Classifying, logShares: [Double])
    case likelihoods(any Scoring)
  }

  private let source: Source
  private let classCount: Int
  private let pass: Pass
  /// What logarithms of probabilities are divided by, at least 1.
  package internal(set) var temperature = 1.0

  /// A check with a model.
  ///
  /// - Parameter classCounts: how many labelled images of each class taught it.
  /// - Throws: `EngineError.cannot` where the model cannot tell classes apart.
  package init(
    _ model: any GenerativeModel, classCounts: [Int], _ pass: Pass
  ) throws(EngineError) {
    classCount = classCounts.count
    guard classCount > 1 else {
      throw .cannot("--label-check: the model has no classes to tell apart; leave it out")
    }
    if let model = model as? any Classifying {
      // A class of which no image was seen is not made sure of.
      source = .classifier(model, logShares: classCounts.map { log(Double(max(1, $0))) })
    } else if let model = model as? any Scoring {
      source = .likelihoods(model)
    } else {
      throw .cannot(
        "--label-check: '\(type(of: model).card.name)' neither classifies nor has likelihoods; "
          + "leave it out")
    }
    self.pass = pass
  }

  /// p(label | image) of each image of a tile.
  package func probabilities(_ levels: Tensor, labels: [Int]) -> [Double] {
    zip(logarithms(levels, count: labels.count), labels).map { ofImage, label in
      Self.softmax(ofImage.map { $0 / temperature }, at: label)
    }
  }

  /// log p(class | image) of each image of a tile and each class, but for a constant an image.
  func logarithms(_ levels: Tensor, count: Int) -> [[Double]] {
    switch source {
    case .classifier(let model, let logShares):
      let unlabelled = [Int?](repeating: nil, count: count)
      let values = model.classProbabilities(
        ImageBatch(levels: levels, labels: unlabelled), pass
      ).values
      return (0..<count).map { image in
        (0..<classCount).map {
          // Rounding to 0 must not make what follows infinite.
          log(max(Double(values[image * classCount + $0]), 1e-30)) - logShares[$0]
        }
      }
    case .likelihoods(let model):
      let scores = (0..<classCount).map { label in
        model.scores(
          ImageBatch(levels: levels, labels: [Int?](repeating: label, count: count)), pass)
      }
      return (0..<count).map { image in scores.map { $0[image] } }
    }
  }

  /// exp(values[place]) / Σ exp(values), without overflow.
  static func softmax(_ values: [Double], at place: Int) -> Double {
    1 / values.reduce(0) { $0 + exp($1 - values[place]) }
  }
}
