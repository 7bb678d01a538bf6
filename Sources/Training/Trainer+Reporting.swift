/// What a training tells: lines of its log, and its progress.
extension Trainer {
  func writeLogLine(_ rate: Float) {
    log.append(
      step: state.step,
      [
        ("epoch", Double(state.step) / Double(stepsPerEpoch)),
        ("loss", state.lossSum / Double(max(1, state.lossCount))), ("learning_rate", Double(rate)),
        ("seconds", state.seconds),
      ])
    state.lossSum = 0
    state.lossCount = 0
  }

  func progress(since startStep: Int, _ startSeconds: Double) {
    let seconds = max(1e-9, state.seconds - startSeconds)
    let rate = Double(state.step - startStep) / seconds
    let left: Double
    switch options.length {
    case .epochs(let epochs): left = Double(steps(epochs: epochs) - state.step) / max(rate, 1e-9)
    case .minutes(let minutes): left = minutes * 60 - state.seconds
    }
    report(
      TrainingProgress(
        step: state.step, epoch: Double(state.step) / Double(stepsPerEpoch),
        fraction: min(1, fraction),
        loss: log.lines.last { $0.entries.contains { $0.name == "loss" } }?.entries
          .first { $0.name == "loss" }?.value ?? .nan,
        validation: lastValidation, imagesPerSecond: rate * Double(options.batchSize),
        secondsLeft: max(0, left)))
  }
}
