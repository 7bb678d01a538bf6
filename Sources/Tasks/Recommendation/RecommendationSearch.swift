import Files
import Models
import Tensors
import Training

/// A search under way: what was measured, and what is tried next.
final class RecommendationSearch {
  let workshop: CandidateWorkshop
  private var journal: RecommendationJournal
  private let limit: Double
  private let watch = Stopwatch()
  private let secondsBefore: Double
  private let report: (Recommender.Progress) -> Void
  private var stage = ""
  /// The ways that were measured, in order.
  private(set) var ways: [AugmentationWay] = []
  private var rounds: [Int: [LabelledFolds.Fold]] = [:]

  init(
    _ workshop: CandidateWorkshop, journal: RecommendationJournal, seconds: Double,
    report: @escaping (Recommender.Progress) -> Void
  ) {
    self.workshop = workshop
    self.journal = journal
    self.report = report
    limit = seconds
    secondsBefore = journal.seconds
  }

  private var plan: RecommendationPlan { workshop.models.plan }
  private var threads: Int { ThreadPool.threads }

  /// The parts of a round.
  func folds(_ round: Int) -> [LabelledFolds.Fold] {
    if let known = rounds[round] { return known }
    let made = workshop.folds.round(round)
    rounds[round] = made
    return made
  }

  /// What was measured of a way.
  func outcomes(_ way: AugmentationWay) -> CandidateOutcomes {
    journal.outcomes[ExactText(way.title)] ?? CandidateOutcomes()
  }

  /// By how much more often each judged image is told rightly, in the order of the images.
  func gains(_ way: AugmentationWay) -> [Double] {
    outcomes(way).gains(over: outcomes(.nothing)) { self.folds($0.round)[$0.part].judged }
      .sorted { $0.key < $1.key }.map(\.value)
  }

  /// The mean gain of a way and its standard error; nil where it was not measured.
  func gain(_ way: AugmentationWay) -> MeanEstimate? {
    let gains = gains(way)
    return gains.isEmpty ? nil : MeanEstimate(of: gains)
  }

  /// The ways that were judged as often as a recommendation asks.
  var complete: [AugmentationWay] {
    ways.filter { way in
      !way.isNothing && outcomes(way).right.count >= plan.parts * rounds(for: way)
    }
  }

  /// Rounds that judge a way: models are taught for the parts of one.
  private func rounds(for way: AugmentationWay) -> Int {
    way.isTransformsAlone ? plan.rounds : 1
  }

  /// The way that gains most among some, of those that were judged often enough, and its gain.
  func best(
    where isWanted: (AugmentationWay) -> Bool = { _ in true }
  ) -> (way: AugmentationWay, gain: Double)? {
    complete.filter(isWanted).map { (way: $0, gain: gain($0)?.value ?? 0) }
      .max { $0.gain < $1.gain }
  }

  /// Whether a stage may begin: where it was begun before, or its cost fits into what is left of the time.
  func begins(_ name: String, trainings: Int, modelSeconds: Double = 0) throws -> Bool {
    stage = name
    let key = ExactText(name)
    if let isBegun = journal.stages[key] { return isBegun }
    let cost = Double(trainings) * plan.judgeSeconds / Double(threads) + modelSeconds
    let fits = secondsBefore + watch.seconds + cost <= limit
    try journal.add(stage: name, isBegun: fits)
    return fits
  }

  /// Has ways judged by parts; what was measured before is not measured again.
  func measure(_ ways: [AugmentationWay], _ folds: [LabelledFolds.Fold]) throws {
    for way in ways where !self.ways.contains(way) { self.ways.append(way) }
    let jobs = folds.flatMap { fold in
      ways.filter { outcomes($0).right[.init(round: fold.round, part: fold.part)] == nil }
        .map { (way: $0, fold: fold) }
    }
    for start in stride(from: 0, to: jobs.count, by: threads) {
      let part = Array(jobs[start..<min(jobs.count, start + threads)])
      let before = watch.seconds
      let right: [[Bool]]
      do { right = try workshop.outcomes(part) } catch let error as Interrupted {
        try journal.add(seconds: watch.seconds - before)
        throw Interrupted("interrupted while trying '\(stage)'; --resume goes on (\(error))")
      }
      try journal.add(
        zip(part, right).map { job, right in
          (job.way.title, .init(round: job.fold.round, part: job.fold.part), right)
        }, seconds: watch.seconds - before)
      tell()
      if workshop.context.isStopRequested, start + threads < jobs.count {
        throw Interrupted("interrupted while trying '\(stage)'; --resume goes on")
      }
    }
  }

  private func tell() {
    let leading = best().map { ($0.way.title, $0.gain) }
    report(
      .init(
        stage: stage, fraction: min(1, (secondsBefore + watch.seconds) / limit), leading: leading))
  }

  /// Images that judge all ways of a stage, at least, before the hopeless are dropped.
  private static let firstImages = 200
  /// Ways of a stage that stay, at least.
  private static let fewestKept = 3

  /// Tries the ways of a stage: all of them by some parts, the better half by more, and so on.
  ///
  /// - Parameters:
  ///   - modelSeconds: what training the models of a part takes.
  ///   - fixedSeconds: what training takes that all parts have in common.
  func race(
    _ name: String, _ candidates: [AugmentationWay], modelSeconds: Double = 0,
    fixedSeconds: Double = 0
  ) throws {
    let judged = complete
    var left = candidates.filter { !judged.contains($0) }
    guard let first = left.first else { return }
    let heats = heats(rounds: rounds(for: first))
    for (number, heat) in heats.enumerated() where !left.isEmpty {
      guard
        try begins(
          number == 0 ? name : "\(name), heat \(number + 1)", trainings: left.count * heat.count,
          modelSeconds: modelSeconds * Double(heat.count) + (number == 0 ? fixedSeconds : 0))
      else { return }
      try measure([.nothing] + left, heat)
      left = promising(left)
    }
  }

  /// The parts that judge one after the other: some of the first round, the rest of it, the other rounds.
  private func heats(rounds: Int) -> [[LabelledFolds.Fold]] {
    let all = folds(0)
    let judged = all.reduce(0) { $0 + $1.judged.count }
    let first = max(1, min(all.count, all.count * Self.firstImages / max(1, judged)))
    let rest = Array(all[first...])
    return [Array(all[..<first])] + (rest.isEmpty ? [] : [rest])
      + (1..<max(1, rounds)).map { self.folds($0) }
  }

  /// The better half of some ways, without those that lose more than their standard error.
  private func promising(_ tried: [AugmentationWay]) -> [AugmentationWay] {
    let ranked = tried.compactMap { way in gain(way).map { (way: way, gain: $0) } }
      .sorted { $0.gain.value > $1.gain.value }
    let hopeful = ranked.filter { $0.gain.value + ($0.gain.standardError ?? 0) >= 0 }
    return hopeful.prefix(max(Self.fewestKept, (tried.count + 1) / 2)).map(\.way)
  }
}
