package import Models
import Tensors
import Training

/// How much work a recommendation does, fixed before it begins: what is measured follows from this and from the images alone, so that a
/// run that was interrupted ends as if it had not been.
package struct RecommendationPlan: Sendable, Equatable {
  /// Parts of a round of cross-validation.
  package var parts: Int
  /// Rounds of cross-validation that judge a way before it may be recommended: the fewer images there are, the more chance one round
  /// leaves to trainings.
  package var rounds: Int
  /// Steps of each classifier.
  package var judgeSteps: Int
  /// Seconds that one training of a classifier takes a thread.
  package var judgeSeconds: Double
  /// Steps of the models by their roles; none for a role that nobody plays.
  package var modelSteps: [AugmentationRole: Int]
  /// Seconds that one such training takes all threads.
  package var modelSeconds: [AugmentationRole: Double]

  /// The plan as a record of the journal.
  package var fields: [String] {
    ["plan", "\(parts)", "\(rounds)", "\(judgeSteps)", "\(judgeSeconds)"]
      + AugmentationRole.allCases.flatMap {
        ["\(modelSteps[$0] ?? 0)", "\(modelSeconds[$0] ?? 0)"]
      }
  }

  /// Reads a record; nil where it is none.
  package init?(_ fields: [String]) {
    guard fields.first == "plan", fields.count == 5 + 2 * AugmentationRole.allCases.count,
      let parts = Int(fields[1]), let rounds = Int(fields[2]), let steps = Int(fields[3]),
      let seconds = Double(fields[4])
    else { return nil }
    self.init(parts: parts, rounds: rounds, judgeSteps: steps, judgeSeconds: seconds)
    for (place, role) in AugmentationRole.allCases.enumerated() {
      guard let steps = Int(fields[5 + 2 * place]), steps > 0 else { continue }
      modelSteps[role] = steps
      modelSeconds[role] = Double(fields[6 + 2 * place]) ?? 0
    }
  }

  /// A plan without models.
  package init(parts: Int, rounds: Int, judgeSteps: Int, judgeSeconds: Double) {
    self.parts = parts
    self.rounds = rounds
    self.judgeSteps = judgeSteps
    self.judgeSeconds = judgeSeconds
    (modelSteps, modelSeconds) = ([:], [:])
  }

  /// Trainings of a classifier that a run with all stages makes, for each part of a round, with one round and for each one more.
  private static let trainingsPerPart = (first: 36, more: 16)
  /// Judgements that a way needs: images times rounds.
  private static let judgements = 1000
  /// Steps of a classifier: with fewer, images beside the originals would be too many to learn; more change little.
  private static let judgeSteps = 500...1000
  /// Rounds at most.
  private static let mostRounds = 4
  /// Parts of a round.
  private static let parts = 5
  /// The shares of the time that models take by their roles, where images without a label are there, and where not; classifiers
  /// have the rest.
  private static let (sharesWithUnlabelled, shares):
    ([AugmentationRole: Double], [AugmentationRole: Double]) =
      ([.features: 0.22, .labelling: 0.18, .drawing: 0.08], [.drawing: 0.15])
  /// Steps below which a model has learnt too little to be tried.
  private static let fewestSteps: [AugmentationRole: Int] = [
    .features: 300, .labelling: 100, .drawing: 400, .redrawing: 1000,
  ]
  /// Steps beyond which a model gains little.
  private static let mostSteps: [AugmentationRole: Int] = [
    .features: 20_000, .labelling: 1500, .drawing: 6000, .redrawing: 20_000,
  ]

  /// A plan that keeps to a time.
  ///
  /// - Parameters:
  ///   - seconds: the time in all.
  ///   - judgeStep: seconds that a step of a classifier takes, one training a thread.
  ///   - modelStep: seconds that a step of a model takes on all threads.
  init(
    seconds: Double, labelled: Int, hasUnlabelled: Bool, judgeStep: Double,
    modelStep: [AugmentationRole: Double]
  ) {
    let parts = Self.parts
    let rounds = max(1, min(Self.mostRounds, (Self.judgements + labelled - 1) / max(1, labelled)))
    var shares = hasUnlabelled ? Self.sharesWithUnlabelled : Self.shares
    // What redraws learns slowly: only hours are enough for it.
    if seconds >= 3600 { shares[.redrawing] = 0.25 }
    let judgeShare = 0.9 - shares.values.reduce(0, +)
    let each = Self.trainingsPerPart
    let trainings = Double((each.first + (rounds - 1) * each.more) * parts)
    let steps = judgeShare * seconds * Double(ThreadPool.threads) / (trainings * judgeStep)
    self.init(
      parts: parts, rounds: rounds,
      judgeSteps: Int(
        min(Double(Self.judgeSteps.upperBound), max(Double(Self.judgeSteps.lowerBound), steps))),
      judgeSeconds: 0)
    judgeSeconds = Double(judgeSteps) * judgeStep
    for (role, share) in shares {
      guard let step = modelStep[role], step > 0 else { continue }
      // Features are learnt once; other models for each part, and once more for all images.
      let times = role == .features ? 1 : Double(parts + 1)
      let count = min(Self.mostSteps[role] ?? 0, Int(share * seconds / (times * step)))
      guard count >= Self.fewestSteps[role] ?? 0 else { continue }
      modelSteps[role] = count
      modelSeconds[role] = Double(count) * step
    }
    // Labels are told by what begins with features.
    if modelSteps[.features] == nil { modelSteps[.labelling] = nil }
    if modelSteps[.labelling] == nil { modelSteps[.features] = nil }
  }
}
