import Models
import Platform
import Tensors

extension Laws {
  /// In each order that a model has learnt, and averaged over all, the probabilities of all images sum to 1; the
  /// orders differ.
  public static func everyOrderSumsToOne(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken(deviation: 0.4).model as? any Autoregressive else {
      return ["not autoregressive"]
    }
    let all = allImages(zoo)
    var tables = model.orders.map { order in
      model.scores(all, order: order, Pass())
    }
    var found: [String] = []
    if model.orders.count > 1, zip(tables[0], tables[1]).allSatisfy({ abs($0 - $1) < 1e-3 }) {
      found.append("two orders give the same probabilities")
    }
    tables.append(model.scores(all, orders: model.orders.count, Pass()))
    for (index, table) in tables.enumerated() {
      let total = table.reduce(0) { $0 + exp($1) }
      if abs(total - 1) > 2e-5 {
        found.append("order \(index) of \(model.orders.count): the sum is \(total)")
      }
    }
    return found
  }

  /// A hole that comes last in one of the orders is filled, and scored, with the conditional probability of that
  /// order, by counting.
  public static func holesTakeTheirOrder(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken(deviation: 0.4).model as? any Autoregressive else {
      return ["not autoregressive"]
    }
    let all = allImages(zoo)
    let size = zoo.shape.dimensionCount
    let images = (0..<all.count).map { Array(all.levels.values[$0 * size..<($0 + 1) * size]) }
    return holes(zoo.shape).flatMap { hole -> [String] in
      guard hole.count > 0 else { return [] }
      let order = model.order(for: hole.missing)
      let comesLast = hole.comesLast(in: model.orders, zoo.shape)
      let table = model.scores(all, order: order, Pass())
      let label = all.labels[0]
      var found: [String] = []
      for (index, image) in images.enumerated().prefix(6) {
        let request = CompletionRequest(
          levels: image, missing: hole.missing, label: label,
          random: RandomSource(seed: 14, purpose: .sampling).at(index))
        let filling = OrderedFilling(.ordered)
        let answer = model.completions([request], filling, temperature: 1, Pass())[0]
        let truth = model.conditionalScores(
          [ConditionalRequest(levels: image, missing: hole.missing, label: label)], filling, Pass())[
            0]
        let outlook = model.outlook(hole.missing, filling)
        if outlook.isExact != comesLast || outlook.isScoreExact != comesLast {
          found.append("\(hole.name): exact is \(outlook.isExact)")
        }
        guard comesLast else { continue }
        func conditional(_ levels: [Float]) -> Double {
          var (joint, evidence) = (0.0, 0.0)
          for (other, logProbability) in zip(images, table)
          where levels.indices.allSatisfy({ hole.missing[$0] || levels[$0] == other[$0] }) {
            evidence += exp(logProbability)
            if other == levels { joint = exp(logProbability) }
          }
          return log(joint) - log(evidence)
        }
        for (what, value, levels) in [
          ("filled", answer.logLikelihood, answer.levels), ("true", truth, image),
        ] where abs(value - conditional(levels)) > 2e-5 * max(1, abs(value)) {
          found.append("\(hole.name), \(what): \(value) instead of \(conditional(levels))")
        }
      }
      return found
    }
  }

  /// Every image of a one-channel shape, with the last class.
  private static func allImages(_ zoo: ZooInstance) -> ImageBatch {
    var images: [[Float]] = [[]]
    for _ in 0..<zoo.shape.dimensionCount {
      images = images.flatMap { image in (0..<zoo.shape.levels).map { image + [Float($0)] } }
    }
    return ImageBatch(
      levels: Tensor(
        images.flatMap { $0 },
        shape: [images.count, zoo.shape.height, zoo.shape.width, zoo.shape.channels]),
      labels: zoo.classCount > 0
        ? [Int?](repeating: zoo.classCount - 1, count: images.count) : nil)
  }
}
