import Models
import Platform
import Tensors

extension Laws {
  /// The score of what was drawn is the log-likelihood that came with the drawing, where both are made alike; a score
  /// depends on its request alone.
  public static func conditionalScoresAreThoseOfCompletions(
    _ zoo: ZooInstance
  ) throws -> [String] {
    let model = try Completer.quick(zoo.shaken().model)
    let holes = holes(zoo.shape)
    let requests = holedRequests(zoo, holes.map(\.missing))
    let drawn = model.completions(requests, Pass())
    let asked = zip(requests, drawn).map { request, completion in
      ConditionalRequest(
        levels: completion.levels, missing: request.missing, label: request.label,
        common: request.common)
    }
    let scores = model.conditionalScores(asked, Pass())
    guard scores.count == asked.count else { return ["\(scores.count) scores"] }
    var found: [String] = []
    for (index, (completion, score)) in zip(drawn, scores).enumerated() {
      let hole = holes[index]
      if hole.count == 0, score != 0 { found.append("\(hole.name): the score is \(score)") }
      let alone = model.conditionalScores([asked[index]], Pass())[0]
      if alone != score { found.append("\(hole.name): asked for alone it scores \(alone)") }
      let outlook = model.outlook(hole.missing)
      guard outlook.method == outlook.scoreMethod else { continue }
      if outlook.isExact != outlook.isScoreExact {
        found.append("\(hole.name): the score's exactness is \(outlook.isScoreExact)")
      }
      let difference = abs(completion.logLikelihood - score)
      if !(difference <= 1e-4 * max(1, abs(score))) {
        found.append("\(hole.name): drawn with \(completion.logLikelihood), scored \(score)")
      }
    }
    return found
  }

  /// The probabilities of all fillings of a hole sum to 1, and drawn fillings are as frequent as they are probable,
  /// where they are called exact.
  public static func fillingsSumToOne(_ zoo: ZooInstance) throws -> [String] {
    let model = try Completer(zoo.shaken(deviation: 0.4).model)
    let size = zoo.shape.dimensionCount
    let label: Int? = zoo.classCount > 0 ? 0 : nil
    let known = Array(zoo.batch(1, seed: 41).levels.values)
    let exact = holes(zoo.shape).filter {
      $0.count > 0 && model.outlook($0.missing).isScoreExact
    }
    return exact.flatMap { hole -> [String] in
      var fillings = [known]
      for place in 0..<size where hole.missing[place / zoo.shape.channels] {
        fillings = fillings.flatMap { filling in
          (0..<zoo.shape.levels).map { level in
            var other = filling
            other[place] = Float(level)
            return other
          }
        }
      }
      let scores = model.conditionalScores(
        fillings.map { ConditionalRequest(levels: $0, missing: hole.missing, label: label) },
        Pass())
      let probabilities = scores.map { exp($0) }
      var found: [String] = []
      let total = probabilities.reduce(0, +)
      if abs(total - 1) > 2e-5 { found.append("\(hole.name): the sum is \(total)") }
      let answers = model.completions(
        (0..<2000).map { index in
          CompletionRequest(
            levels: known, missing: hole.missing, label: label,
            random: RandomSource(seed: 15, purpose: .sampling).at(index))
        }, Pass())
      guard model.outlook(hole.missing).isExact else { return found }
      let counts = fillings.map { filling in answers.count { $0.levels == filling } }
      if let breach = ChiSquare.breach(counts: counts, probabilities: probabilities) {
        found.append("\(hole.name): \(breach)")
      }
      return found
    }
  }

  /// A score that says it is exact, and follows the scores of whole images, is p(image) / p(known pixels), both by counting.
  public static func conditionalScoreIsConditional(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken(deviation: 0.4).model as? any Scoring & Completing,
      model.scoreKind == .exact
    else { return ["no exact score"] }
    let completer = try Completer(model)
    let (label, channels) = (zoo.classCount > 0 ? 1 : nil, zoo.shape.channels)
    let all = Enumeration.shaken(zoo, model, label: label)
    return holes(zoo.shape).flatMap { hole -> [String] in
      let outlook = completer.outlook(hole.missing)
      guard outlook.isScoreExact, outlook.followsScores else { return [] }
      let requests = (0..<6).map { index in
        ConditionalRequest(
          levels: all.images[(index * 7919) % all.images.count], missing: hole.missing,
          label: label)
      }
      return zip(requests, completer.conditionalScores(requests, Pass())).compactMap {
        request, score in
        let expected =
          all.logMarginal(of: request.levels) { _ in true }
          - all.logMarginal(of: request.levels) { !hole.missing[$0 / channels] }
        let difference = abs(score - expected)
        guard difference > 2e-5 * max(1, abs(expected)) else { return nil }
        return "\(hole.name): \(score) instead of \(expected)"
      }
    }
  }
}
