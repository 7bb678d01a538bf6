import Files
import Layers
public import Models
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Trains one model: makes its steps, validates after every pass, keeps the best weights and stops by itself.
///
/// Interrupted, it leaves a checkpoint, `OUTPUT.checkpoint`, from which it goes on to the same result as an
/// uninterrupted training of so many epochs. (With a time budget the number of steps depends on the machine.)
public final class Trainer {
  let instance: ModelInstance
  let options: TrainingOptions
  let output: String
  let identity: [String: String]
  let step: TrainingStep
  private var order: BatchOrder
  private let judge: ModelJudge
  var state = TrainingState()
  var best: [Tensor]
  var log: TrainingLog
  private let warn: (String) -> Void
  let report: (TrainingProgress) -> Void
  private(set) var lastValidation: Double?

  /// Where the checkpoint of a training to this file stands.
  public static func checkpointPath(_ output: String) -> String { output + ".checkpoint" }

  /// A trainer before its first step, or where its checkpoint left it.
  ///
  /// - Parameters:
  ///   - output: the model file that will be written.
  ///   - resume: goes on from the checkpoint where there is one.
  ///   - warn: called where a checkpoint or the log cannot be written; training goes on.
  ///   - report: called now and then, and after every validation.
  public init(
    _ instance: ModelInstance, training: ImageDataset, validation: ImageDataset,
    options: TrainingOptions, output: String, resume: Bool,
    warn: @escaping (String) -> Void = { _ in },
    report: @escaping (TrainingProgress) -> Void = { _ in }
  ) throws {
    self.instance = instance
    self.options = options
    self.output = output
    self.warn = warn
    self.report = report
    step = TrainingStep(instance, training, options)
    order = BatchOrder(
      training, for: instance.model, batchSize: options.batchSize, seed: options.seed,
      // Moved about, an image may stand in a batch several times, and is another one each time.
      fillsBatches: options.transforms != .none && training.count < options.batchSize)
    judge = ModelJudge(instance.model, validation, options)
    best = instance.store.parameters.map(\.value)
    identity = [
      "model": type(of: instance.model).card.name,
      "settings": Self.text(instance.model.configuration.texts),
      "options": options.fingerprint, "data": training.fingerprint,
    ]
    log = TrainingLog(path: TrainingLog.path(for: output), keepingUpTo: nil)
    if resume, FileSystem.exists(Self.checkpointPath(output)) { try restore() }
  }

  private static func text(_ settings: [String: String]) -> String {
    settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }

  /// The output's path without `.safetensors`: what the log and the curve are named after.
  public static func base(_ output: String) -> String {
    output.hasSuffix(".safetensors") ? String(output.dropLast(".safetensors".count)) : output
  }

  var stepsPerEpoch: Int { order.stepsPerPass }

  /// The steps of a training whose length is a number of passes.
  func steps(epochs: Int) -> Int { max(1, epochs * stepsPerEpoch, options.leastSteps) }

  /// Steps from one validation to the next: whole passes, several of them where they are short.
  private var validationInterval: Int {
    let least = TrainingOptions.fewestStepsBetweenValidations
    return stepsPerEpoch * max(1, (least + stepsPerEpoch - 1) / stepsPerEpoch)
  }

  /// The share of the training that is behind.
  var fraction: Double {
    switch options.length {
    case .epochs(let epochs): Double(state.step) / Double(steps(epochs: epochs))
    case .minutes(let minutes): state.seconds / (minutes * 60)
    }
  }

  /// Trains to the end.
  ///
  /// Writes nothing but the log and checkpoints; the parameters then hold the best weights.
  ///
  /// - Throws: `Interrupted` after a signal, with a checkpoint written; `TrainingError` where the loss is no longer
  ///   finite.
  public func run() throws -> TrainingResult {
    let clock = ContinuousClock()
    let start = clock.now - .seconds(state.seconds)
    var lastCheckpoint = clock.now
    var lastReport = clock.now
    let startStep = state.step
    let startSeconds = state.seconds
    func seconds(_ duration: Duration) -> Double {
      Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
    while fraction < 1, !isStale {
      if Interruption.isRequested {
        try checkpoint()
        throw Interrupted("interrupted after step \(state.step); --resume goes on from here")
      }
      let rate = try makeStep()
      state.seconds = seconds(clock.now - start)
      let ends = state.step % validationInterval == 0 || fraction >= 1
      if ends || state.step % 100 == 0 { writeLogLine(rate) }
      if ends { validate() }
      if ends || seconds(clock.now - lastReport) > 0.5 {
        lastReport = clock.now
        progress(since: startStep, startSeconds)
      }
      if seconds(clock.now - lastCheckpoint) > options.checkpointInterval {
        // A disk that is full now may have room when the training ends.
        warnOfFailure("no checkpoint was written") { try checkpoint() }
        lastCheckpoint = clock.now
      }
    }
    if state.step % validationInterval != 0, state.bestStep == 0 { validate() }
    warnOfFailure("the log was not written") { try log.write() }
    // Steps that were finite, and no validation that was: there are no weights worth keeping.
    guard state.bestScore.isFinite || state.step == 0 else {
      throw step.diverged("validation score", state.bestScore, step: state.step)
    }
    for (parameter, value) in zip(instance.store.parameters, best) { parameter.assign(value) }
    return TrainingResult(
      validation: state.bestScore, scoreKind: judge.scoreKind, steps: state.step,
      seconds: state.seconds,
      isAverage: state.bestIsAverage, stoppedEarly: fraction < 1)
  }

  private func warnOfFailure(_ what: String, _ body: () throws -> Void) {
    do { try body() } catch { warn("\(what): \(error)") }
  }

  private var isStale: Bool {
    options.patience.map { patience in
      state.validationsWithoutGain >= patience
        && state.step - state.bestStep >= TrainingOptions.fewestStepsWithoutGain
    } ?? false
  }

  /// One batch through every objective.
  private func makeStep() throws -> Float {
    let report = try step.make(state.step, order.batch(state.step), progress: fraction)
    for loss in report.losses {
      state.lossSum += Double(loss)
      state.lossCount += 1
    }
    state.step += 1
    return report.rate
  }

  /// Scores the averaged weights and, until the average has settled, the present ones too; keeps the better where it is
  /// the best so far.
  ///
  /// A settled average is as good as always the better of the two, and validation takes its share of the time.
  private func validate() {
    let averaged = step.average.whileApplied { judge.score() }
    let present = step.average.isSettled ? nil : judge.score()
    let (score, isAverage) =
      present.map { averaged <= $0 ? (averaged, true) : ($0, false) }
      ?? (averaged, true)
    lastValidation = score
    log.append(
      step: state.step,
      [("epoch", Double(state.step) / Double(stepsPerEpoch))]
        + (present.map { [("validation", $0)] } ?? [])
        + [("validation_averaged", averaged), ("seconds", state.seconds)])
    warnOfFailure("the log was not written") { try log.write() }
    guard score.isFinite else { return }
    if score < state.bestScore {
      state.bestScore = score
      state.bestStep = state.step
      state.bestIsAverage = isAverage
      state.validationsWithoutGain = 0
      let weights = isAverage ? step.average.values : instance.store.parameters.map(\.value)
      best = weights.map(\.copied)
    } else {
      state.validationsWithoutGain += 1
    }
  }
}
