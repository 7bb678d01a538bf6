import Models
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Asks the model itself how probable the label of an image is.
///
/// p(label | image) comes from the model's classifier where it has one, and otherwise by Bayes' rule
/// from its likelihoods, every class taken to be as common as the others:
/// p(c | x) = p(x | c) / Σ p(x | c').
struct LabelCheck: Sendable {
  private enum Source: Sendable {
    case classifier(any Classifying)
    case likelihoods(any Scoring)
  }

  private let source: Source
  private let classCount: Int
  private let pass: Pass

  /// A check with a model.
  ///
  /// - Throws: `TaskError` where the model cannot tell classes apart.
  init(_ model: any GenerativeModel, classCount: Int, _ pass: Pass) throws {
    guard classCount > 1 else {
      throw TaskError("--label-check: the model has no classes to tell apart; leave it out")
    }
    if let model = model as? any Classifying {
      source = .classifier(model)
    } else if let model = model as? any Scoring {
      source = .likelihoods(model)
    } else {
      throw TaskError(
        "--label-check: '\(type(of: model).card.name)' neither classifies nor has likelihoods; "
          + "leave it out")
    }
    self.classCount = classCount
    self.pass = pass
  }

  /// p(label | image) of each image of a tile.
  func probabilities(_ levels: Tensor, labels: [Int]) -> [Double] {
    switch source {
    case .classifier(let model):
      let unlabelled = [Int?](repeating: nil, count: labels.count)
      let values = model.classProbabilities(
        ImageBatch(levels: levels, labels: unlabelled), pass
      ).values
      return labels.indices.map { Double(values[$0 * classCount + labels[$0]]) }
    case .likelihoods(let model):
      let scores = (0..<classCount).map { label in
        model.scores(
          ImageBatch(levels: levels, labels: labels.map { _ in label }), pass
        ).logLikelihoods
      }
      return labels.indices.map { image in
        let ofImage = scores.map { $0[image] }
        return Self.softmax(ofImage, at: labels[image])
      }
    }
  }

  /// exp(values[place]) / Σ exp(values), without overflow.
  private static func softmax(_ values: [Double], at place: Int) -> Double {
    1 / values.reduce(0) { $0 + exp($1 - values[place]) }
  }
}
