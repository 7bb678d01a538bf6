public import Models
import Platform
import Synchronization
import Tensors

/// Every image of a tiny shape with its probability under a model, for one class or for none.
public struct Enumeration: Sendable {
  /// What the images have in common.
  public let shape: ImageShape
  /// Levels of every image, in the order of counting: the last value changes fastest.
  public let images: [[Float]]
  /// log p of every image.
  public let logProbabilities: [Double]
  /// Whether these are the model's own, and not importance estimates.
  public let isExact: Bool

  /// Draws of importance estimates, all images together.
  static let draws = 40_000

  /// Levels of every image there is.
  static func images(_ shape: ImageShape) -> [[Float]] {
    (0..<shape.dimensionCount).reduce([[]]) { images, _ in
      images.flatMap { image in (0..<shape.levels).map { image + [Float($0)] } }
    }
  }

  /// Scores every image there is.
  public init(_ model: any Scoring, label: Int?) {
    let shape = model.shape
    self.shape = shape
    let images = Self.images(shape)
    let batch = ImageBatch(
      levels: Tensor(
        images.flatMap { $0 },
        shape: [images.count, shape.height, shape.width, shape.channels]),
      labels: model.classCount > 0 ? [Int?](repeating: label, count: images.count) : nil)
    self.images = images
    if let model = model as? any ImportanceScoring {
      logProbabilities =
        model.importanceEstimates(
          batch, samples: max(40, Self.draws / images.count), seed: 1, Pass())
      isExact = false
    } else if model.scoreKind != .exact, let completer = try? Completer(model) {
      // A hole that is the whole image, filled exactly.
      let everything = [Bool](repeating: true, count: shape.pixelCount)
      logProbabilities = completer.conditionalScores(
        images.map { ConditionalRequest(levels: $0, missing: everything, label: label) }, Pass())
      isExact = completer.outlook(everything).isScoreExact
    } else {
      logProbabilities = model.scores(batch, Pass())
      isExact = true
    }
  }

  /// Every image of a shaken instance (by 0.4, as the laws of probability shake them), counted once however many laws ask.
  static func shaken(
    _ zoo: ZooInstance, _ model: any Scoring, label: Int?
  ) -> Enumeration {
    let key = "\(zoo), class \(label.map(String.init) ?? "none")"
    if let known = counted.withLock({ $0[key] }) { return known }
    let all = Enumeration(model, label: label)
    counted.withLock { $0[key] = all }
    return all
  }

  private static let counted = Mutex<[String: Enumeration]>([:])

  /// Σ p over all images: 1 for a distribution.
  public var total: Double { logProbabilities.reduce(0) { $0 + exp($1) } }

  /// log Σ p over the images that agree with `image` wherever `isKnown` says so for the value's place.
  public func logMarginal(of image: [Float], _ isKnown: (Int) -> Bool) -> Double {
    let places = image.indices.filter(isKnown)
    let sum = images.indices.reduce(0.0) { sum, index in
      places.allSatisfy { images[index][$0] == image[$0] }
        ? sum + exp(logProbabilities[index]) : sum
    }
    return log(sum)
  }

  /// log p(image) where every pixel's conditional distribution is raised to the power of 1 / temperature, pixel by
  /// pixel in the order in which the model draws them; one-channel images only.
  public func sharpened(_ image: [Float], _ order: [Int], temperature: Double) -> Double {
    precondition(shape.channels == 1)
    return order.indices.reduce(0.0) { sum, step in
      let (place, seen) = (order[step], Set(order[...step]))
      let scores = (0..<shape.levels).map { level -> Double in
        var other = image
        other[place] = Float(level)
        return logMarginal(of: other) { seen.contains($0) } / temperature
      }
      let top = scores.max() ?? 0
      let total = top + log(scores.reduce(0) { $0 + exp($1 - top) })
      return sum + scores[Int(image[place])] - total
    }
  }
}

/// How far counts are from what probabilities let expect (Pearson 1900).
public enum ChiSquare {
  /// A sentence where counts are less likely than one in a million or so under these probabilities.
  ///
  /// Cells of fewer than eight expected counts are taken together. The bound is Wilson and Hilferty's approximation
  /// of the quantile at five deviations.
  public static func breach(counts: [Int], probabilities: [Double]) -> String? {
    precondition(counts.count == probabilities.count)
    let total = Double(counts.reduce(0, +))
    var rest = (count: 0.0, expected: 0.0)
    var (statistic, cells) = (0.0, 0)
    for (count, probability) in zip(counts, probabilities) {
      let expected = total * probability
      guard expected >= 8 else {
        rest = (rest.count + Double(count), rest.expected + expected)
        continue
      }
      statistic += (Double(count) - expected) * (Double(count) - expected) / expected
      cells += 1
    }
    if rest.expected >= 1 || rest.count > 0 {
      let expected = max(rest.expected, 1)
      statistic += (rest.count - expected) * (rest.count - expected) / expected
      cells += 1
    }
    guard cells > 1 else { return nil }
    let freedom = Double(cells - 1)
    let root = 1 - 2 / (9 * freedom) + 5 * sqrt(2 / (9 * freedom))
    let bound = freedom * root * root * root
    return statistic <= bound ? nil : "chi-square \(statistic) over \(cells) cells, bound \(bound)"
  }
}
