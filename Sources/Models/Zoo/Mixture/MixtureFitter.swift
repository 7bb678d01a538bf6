import Tensors

/// Learns a mixture from several starts, of which the best after a few iterations goes on.
package final class MixtureFitter: Fitter {
  /// Iterations after which the best start is chosen.
  package static let trialIterations = 6
  /// An iteration that gains fewer nats an image than this is the last of its run.
  private static let leastGain = 1e-3

  /// A run from one start.
  private struct Run {
    package var estimate: MixtureLearner.Estimate
    /// Iterations made.
    var count = 0
    /// The objective of the estimate before the last iteration.
    var objective = -Double.infinity
  }

  private let learner: MixtureLearner
  private let restarts: Int
  private let iterations: Int
  private let seed: UInt64
  private let assign: (MixtureLearner.Estimate) -> Void
  /// The run under way; nil where all is learnt.
  private var present: Run?
  private var best: Run?
  /// The start of the run under way; as many as there are starts where the best goes on.
  private var start = 0

  /// - Parameter assign: sets the model's parameters.
  init(
    _ learner: MixtureLearner, restarts: Int, iterations: Int, seed: UInt64,
    assign: @escaping (MixtureLearner.Estimate) -> Void
  ) {
    self.learner = learner
    self.restarts = restarts
    self.iterations = iterations
    self.seed = seed
    self.assign = assign
    present = Run(estimate: learner.start(seed: seed, restart: 0))
  }

  /// Iterations of each start.
  private var trials: Int { restarts > 1 ? min(iterations, Self.trialIterations) : iterations }

  package var mostPasses: Int { restarts * trials + iterations - trials }

  /// The best estimate so far.
  package var estimate: MixtureLearner.Estimate? { best?.estimate ?? present?.estimate }

  package func makePass() -> Double? {
    guard var run = present else { return nil }
    let (next, objective) = learner.improved(run.estimate)
    let isSettled = objective - run.objective < Self.leastGain * Double(learner.images.count)
    run = Run(estimate: next, count: run.count + 1, objective: objective)
    present = run
    if isSettled || run.count == (start < restarts ? trials : iterations - trials) { end(run) }
    return -objective / Double(learner.images.count)
  }

  private func end(_ run: Run) {
    guard start < restarts else {
      (best, present) = (run, nil)
      return
    }
    if run.objective > best?.objective ?? -.infinity { best = run }
    start += 1
    if start < restarts {
      present = Run(estimate: learner.start(seed: seed, restart: start))
    } else {
      // A run that settled has nothing more to gain.
      present = best.flatMap { best in
        trials < iterations && best.count == trials ? Run(estimate: best.estimate) : nil
      }
    }
  }

  package func finish() { if let estimate { assign(estimate) } }

  package var state: FitterState {
    var state = FitterState(numbers: ["start": Double(start)])
    for (name, run) in [("present", present), ("best", best)] {
      guard let run else { continue }
      state.tensors["\(name).table"] = run.estimate.table
      state.keep(run.estimate.logWeights.flatMap { $0 }, as: "\(name).log_weights")
      state.numbers["\(name).log_prior"] = run.estimate.logPrior
      state.numbers["\(name).count"] = Double(run.count)
      if run.count > 0 { state.numbers["\(name).objective"] = run.objective }
    }
    return state
  }

  package func restore(_ state: FitterState) -> Bool {
    guard let start = state.numbers["start"], (0...Double(restarts)).contains(start) else {
      return false
    }
    self.start = Int(start)
    present = run("present", of: state)
    best = run("best", of: state)
    return present != nil || best != nil
  }

  private func run(_ name: String, of state: FitterState) -> Run? {
    guard let table = state.tensors["\(name).table"],
      let weights = state.kept("\(name).log_weights"),
      weights.count == learner.classes * learner.components,
      let logPrior = state.numbers["\(name).log_prior"], let count = state.numbers["\(name).count"]
    else { return nil }
    let rows = stride(from: 0, to: weights.count, by: learner.components).map {
      Array(weights[$0..<$0 + learner.components])
    }
    return Run(
      estimate: .init(table: table, logWeights: rows, logPrior: logPrior), count: Int(count),
      objective: state.numbers["\(name).objective"] ?? -.infinity)
  }
}

extension MixtureLearner {
  /// The best estimate of several starts; nil where no pass is made.
  package func learnt(restarts: Int, iterations: Int, seed: UInt64) -> Estimate? {
    let fitter = MixtureFitter(
      self, restarts: restarts, iterations: iterations, seed: seed, assign: { _ in })
    while fitter.makePass() != nil {}
    return fitter.estimate
  }
}
