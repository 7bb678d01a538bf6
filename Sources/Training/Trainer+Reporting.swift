/// What a training tells: lines of its log, and its progress.
extension Trainer {
  func writeLogLine(_ rate: Double?) {
    let values = learner.valueNames.compactMap { name in
      state.sums[name].map { (name, $0.sum / Double(max(1, $0.count))) }
    }
    log.append(
      step: state.step,
      [("epoch", epoch)] + values + (rate.map { [("learning_rate", $0)] } ?? [])
        + [("seconds", state.seconds)])
    state.sums = [:]
    lastValues = values
  }

  func progress(since startStep: Int, _ startSeconds: Double) {
    let seconds = max(1e-9, state.seconds - startSeconds)
    let rate = Double(state.step - startStep) / seconds
    report(
      TrainingProgress(
        step: state.step, epoch: epoch, fraction: min(1, fraction), values: lastValues,
        validation: lastValidation, imagesPerSecond: rate * Double(learner.imagesPerStep),
        secondsLeft: max(0, secondsLeft(rate))))
  }

  private func secondsLeft(_ rate: Double) -> Double {
    if let most = learner.mostSteps { return Double(most - state.step) / max(rate, 1e-9) }
    switch options.length {
    case .epochs(let epochs): return Double(steps(epochs: epochs) - state.step) / max(rate, 1e-9)
    case .minutes(let minutes): return minutes * 60 - state.seconds
    }
  }
}
