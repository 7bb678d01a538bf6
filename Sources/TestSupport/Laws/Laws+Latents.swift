import Models
import Platform
import Tensors

extension Laws {
  /// Evidence lower bounds lie below the log-likelihoods that many samples estimate, on average over all images.
  public static func boundsLieBelowEstimates(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken(deviation: 0.4).model as? any ImportanceScoring else {
      return ["no importance estimates"]
    }
    let batch = zoo.batch(40, seed: 31, unknownLabels: true)
    let bounds = model.scores(batch, Pass())
    guard model.scoreKind != .exact else { return ["scores are \(model.scoreKind)"] }
    let few = model.importanceEstimates(batch, samples: 5, seed: 1, Pass())
    let many = model.importanceEstimates(batch, samples: 500, seed: 1, Pass())
    /// Whether scores lie above the others by more than chance: of few draws each, they may by a little.
    func areAbove(_ scores: [Double]) -> Bool {
      let differences = zip(scores, many).map { $0 - $1 }
      let mean = differences.reduce(0, +) / 40
      let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 39
      return mean > 0.05 + 3 * sqrt(variance / 40)
    }
    return [("the bounds lie", bounds), ("5 samples lie", few)].compactMap { what, scores in
      areAbove(scores) ? "\(what) above 500 samples" : nil
    }
  }

  /// Estimates and bounds are functions of the image and the seed: other images in the batch and threads change
  /// nothing but rounding.
  public static func estimatesDependOnImageAlone(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken().model as? any ImportanceScoring else {
      return ["no importance estimates"]
    }
    let batch = zoo.batch(7, seed: 32)
    func one(_ index: Int) -> ImageBatch {
      ImageBatch(
        levels: batch.levels.sliced(index..<index + 1, axis: 0),
        labels: [batch.labels[index]])
    }
    let estimates = model.importanceEstimates(batch, samples: 70, seed: 2, Pass())
    let bounds = model.scores(batch, Pass())
    return (0..<7).flatMap { index -> [String] in
      let estimate = model.importanceEstimates(one(index), samples: 70, seed: 2, Pass())[0]
      let bound = model.scores(one(index), Pass())[0]
      var found: [String] = []
      if abs(estimate - estimates[index]) > 1e-3 * max(1, abs(estimate)) {
        found.append("image \(index): estimate \(estimates[index]), alone \(estimate)")
      }
      if abs(bound - bounds[index]) > 1e-3 * max(1, abs(bound)) {
        found.append("image \(index): bound \(bounds[index]), alone \(bound)")
      }
      return found
    }
  }

  /// Completions that are not exact are about as frequent as p(image | known pixels), and their likelihoods are about its
  /// logarithm.
  ///
  /// - Parameters:
  ///   - options: how holes are filled.
  ///   - count: fillings of each hole; the frequencies of few say little, and are not compared.
  public static func chainsApproachConditional(
    _ zoo: ZooInstance, options: [String: String] = [:], count: Int = 160
  ) throws -> [String] {
    guard let model = try zoo.shaken(deviation: 0.4).model as? any Scoring & Completing else {
      return ["no likelihood to compare with"]
    }
    let completer = try Completer(model, options: options)
    let label: Int? = zoo.classCount > 0 ? zoo.classCount - 1 : nil
    let all = Enumeration.shaken(zoo, model, label: label)
    // A density that has next to nothing on images asks chains for rare events, as no trained one does.
    guard all.total > 0.25 else { return [] }
    let known = all.images[all.images.count * 2 / 3]
    let channels = zoo.shape.channels
    return holes(zoo.shape).filter {
      ["all missing", "the last half", "the first pixel"].contains($0.name)
    }.flatMap { hole -> [String] in
      let requests = (0..<count).map { index in
        CompletionRequest(
          levels: known, missing: hole.missing, label: label,
          random: RandomSource(seed: 13, purpose: .sampling).at(index))
      }
      let answers = completer.completions(requests, Pass())
      let isKnown = { (place: Int) in !hole.missing[place / channels] }
      let evidence = all.logMarginal(of: known, isKnown)
      var found: [String] = []
      for answer in answers.prefix(5) {
        let expected = all.logMarginal(of: answer.levels) { _ in true } - evidence
        if abs(answer.logLikelihood - expected) > 1.5 {
          found.append(
            "\(hole.name): log-likelihood \(answer.logLikelihood), by counting \(expected)")
        }
      }
      guard count > 100 else { return found }
      var distance = 0.0
      for (image, logProbability) in zip(all.images, all.logProbabilities)
      where known.indices.allSatisfy({ !isKnown($0) || known[$0] == image[$0] }) {
        let share = Double(answers.count { $0.levels == image }) / Double(answers.count)
        distance += abs(share - exp(logProbability - evidence)) / 2
      }
      // So many draws of so many outcomes stray by about half of this by chance.
      let allowed = 0.03 + 0.5 * (Double(all.images.count) / Double(count)).squareRoot()
      if distance > allowed { found.append("\(hole.name): total variation \(distance)") }
      return found
    }
  }

  /// What annealing says of known pixels is what importance sampling says, where so few can be known that both must be right.
  public static func annealingAgreesWithSampling(_ zoo: ZooInstance) throws -> [String] {
    let model = try zoo.shaken(deviation: 0.4).model
    // Sixteen chains rest on sixteen estimates of the prior.
    if let model = model as? any LatentVariable, model.estimatesPriors { return [] }
    let (sampled, annealed) = (
      try Completer(model), try Completer(model, options: ["annealing": "20"])
    )
    let label: Int? = zoo.classCount > 0 ? zoo.classCount - 1 : nil
    let known = Array(zoo.batch(1, seed: 46).levels.values)
    return holes(zoo.shape).filter { $0.count > 0 }.flatMap { hole -> [String] in
      let requests = (0..<3).map { index in
        CompletionRequest(
          levels: known, missing: hole.missing, label: label,
          random: RandomSource(seed: 16, purpose: .sampling).at(index))
      }
      // The same chains: what they draw, and the probability of the whole, are the same.
      let (one, other) = (
        sampled.completions(requests, Pass()), annealed.completions(requests, Pass())
      )
      return zip(one, other).compactMap { one, other in
        if one.levels != other.levels { return "\(hole.name): other pixels are drawn" }
        let difference = abs(one.logLikelihood - other.logLikelihood)
        return difference < 0.4 ? nil : "\(hole.name): they are \(difference) nats apart"
      }
    }
  }
}
