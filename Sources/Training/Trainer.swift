import Files
import Layers
public import Models
import Tensors

/// Trains one model: makes its steps, validates after every pass, keeps the best weights and stops by itself.
///
/// Interrupted, it leaves a checkpoint, `OUTPUT.checkpoint`, from which it goes on to the same result as an
/// uninterrupted training of so many epochs. (With a time budget the number of steps depends on the machine.)
public final class Trainer {
  let instance: ModelInstance
  let options: TrainingOptions
  let output: String
  let identity: [String: String]
  let learner: any Learner
  private let context: Context
  private let judge: ModelJudge
  var state = TrainingState()
  /// Parameters and states as they were at the best validation.
  var best: [Tensor] = []
  var log: TrainingLog
  private let warn: (String) -> Void
  let report: (TrainingProgress) -> Void
  private(set) var lastValidation: Double?
  private var collapse = CollapseWatch()
  var lastValues: [(name: String, value: Double)] = []

  /// Where the checkpoint of a training to this file stands.
  public static func checkpointPath(_ output: String) -> String { output + ".checkpoint" }

  /// A trainer before its first step, or where its checkpoint left it.
  ///
  /// - Parameters:
  ///   - output: the model file that will be written.
  ///   - resume: goes on from the checkpoint where there is one.
  ///   - warn: called where a checkpoint or the log cannot be written, or samples collapse; training goes on.
  ///   - report: called now and then, and after every validation.
  public init(
    _ instance: ModelInstance, training: ImageDataset, validation: ImageDataset,
    options: TrainingOptions, output: String, resume: Bool, context: Context,
    warn: @escaping (String) -> Void = { _ in },
    report: @escaping (TrainingProgress) -> Void = { _ in }
  ) throws {
    self.instance = instance
    self.options = options
    self.output = output
    self.context = context
    self.warn = warn
    self.report = report
    if let model = instance.model as? any Fitted {
      learner = FittingLearner(model, training, options)
      judge = ModelJudge(instance.model, validation, options, precision: .float32)
    } else {
      learner = GradientLearner(instance, training, options, context)
      judge = ModelJudge(instance.model, validation, options, precision: context.precision)
    }
    identity = [
      "model": type(of: instance.model).card.name,
      "settings": Self.text(instance.model.configuration.texts),
      "options": options.fingerprint(context.precision), "training set": training.fingerprint,
      // Its labels choose the weights.
      "validation set": validation.fingerprint,
    ]
    log = TrainingLog(path: TrainingLog.path(for: output), keepingUpTo: nil)
    best = kept.map(\.value)
    if resume, FileSystem.exists(Self.checkpointPath(output)) { try restore() }
  }

  private static func text(_ settings: [String: String]) -> String {
    settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }

  /// The output's path without `.safetensors`: what the log and the curve are named after.
  public static func base(_ output: String) -> String {
    output.hasSuffix(".safetensors") ? String(output.dropLast(".safetensors".count)) : output
  }

  /// Passes over the images behind, in parts.
  var epoch: Double { Double(state.step) / Double(learner.stepsPerPass) }

  /// The steps of a training whose length is a number of passes.
  func steps(epochs: Int) -> Int { max(1, epochs * learner.stepsPerPass, options.leastSteps) }

  /// Steps from one validation to the next: whole passes, several of them where they are short.
  private var validationInterval: Int {
    let least = TrainingOptions.fewestStepsBetweenValidations
    return learner.stepsPerPass
      * max(1, (least + learner.stepsPerPass - 1) / learner.stepsPerPass)
  }

  /// The share of the training that is behind.
  var fraction: Double {
    if let most = learner.mostSteps { return Double(state.step) / Double(max(1, most)) }
    switch options.length {
    case .epochs(let epochs): return Double(state.step) / Double(steps(epochs: epochs))
    case .minutes(let minutes): return state.seconds / (minutes * 60)
    }
  }

  /// Whether weights are there to be judged while learning goes on: a fitting sets them at its end.
  private var validatesOnTheWay: Bool { learner.average != nil }

  /// Trains to the end.
  ///
  /// Writes nothing but the log and checkpoints; the parameters then hold the best weights.
  ///
  /// - Throws: `Interrupted` where a stop is asked for, with a checkpoint written; `TrainingError` where the loss is no
  ///   longer finite.
  public func run() throws -> TrainingResult { try context.run { try train() } }

  private func train() throws -> TrainingResult {
    let endedWithValidation = try learn()
    learner.finish()
    if !validatesOnTheWay { keep(isAverage: false) }
    if judge.isJudging, !validatesOnTheWay || (!endedWithValidation && state.bestStep == 0) {
      validate()
    }
    if !log.lines.isEmpty { warnOfFailure("the log was not written") { try log.write() } }
    let isFinite = state.bestScore.isFinite || state.step == 0 || !judge.isJudging
    // Steps that were finite, and no validation that was: there are no weights worth keeping.
    guard isFinite else {
      throw TrainingError(
        "the validation is not finite (\(state.bestScore)) at step \(state.step); no model was "
          + "written. Try a lower --learning-rate, --precision float32, or a smaller model")
    }
    if !judge.isJudging, validatesOnTheWay {
      keep(isAverage: learner.average?.isSettled ?? false)
    }
    assign(best)
    return TrainingResult(
      validation: judge.isJudging ? state.bestScore : nil, validationKind: judge.kind,
      isLikelihood: judge.isLikelihood, steps: validatesOnTheWay ? state.step : 0,
      seconds: state.seconds, isAverage: state.bestIsAverage,
      stoppedEarly: validatesOnTheWay && fraction < 1)
  }

  /// Makes steps until the length is reached, nothing is left to learn or validation no longer improves.
  ///
  /// - Returns: whether the last step was followed by a validation.
  private func learn() throws -> Bool {
    let clock = ContinuousClock()
    let start = clock.now - .seconds(state.seconds)
    var lastCheckpoint = clock.now
    var lastReport = clock.now
    let (startStep, startSeconds) = (state.step, state.seconds)
    while fraction < 1, !isStale {
      if context.isStopRequested {
        try checkpoint()
        throw Interrupted("interrupted after step \(state.step); --resume goes on from here")
      }
      guard let report = try learner.makeStep(state.step, progress: fraction) else { break }
      state.take(report.values)
      state.step += 1
      state.seconds = (clock.now - start).inSeconds
      let ends = state.step % validationInterval == 0 || fraction >= 1
      if ends || state.step % 100 == 0 || !validatesOnTheWay { writeLogLine(report.rate) }
      if ends, validatesOnTheWay { validate() }
      if ends || (clock.now - lastReport).inSeconds > 0.5 {
        lastReport = clock.now
        progress(since: startStep, startSeconds)
      }
      if (clock.now - lastCheckpoint).inSeconds > options.checkpointInterval {
        // A disk that is full now may have room when the training ends.
        warnOfFailure("no checkpoint was written") { try checkpoint() }
        lastCheckpoint = clock.now
      }
    }
    return state.step % validationInterval == 0
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

  /// Judges the averaged weights and, until the average has settled, the present ones too; keeps the better where it is
  /// the best so far.
  ///
  /// A settled average is as good as always the better of the two, and validation takes its share of the time.
  private func validate() {
    guard judge.isJudging else { return }
    let averaged = learner.average.map { $0.whileApplied { judge.judgement() } }
    let present = learner.average?.isSettled ?? false ? nil : judge.judgement()
    let isAverage = (averaged?.score ?? .infinity) <= (present?.score ?? .infinity)
    let better = isAverage ? averaged : present
    let score = better?.score ?? .nan
    lastValidation = score
    // What had no steps has nothing to log.
    guard state.step > 0 else { return keep(score, isAverage: isAverage) }
    log.append(
      step: state.step,
      [("epoch", epoch)] + (better?.spread.map { [("sample_spread", $0)] } ?? [])
        + (present.map { [("validation", $0.score)] } ?? [])
        + (averaged.map { [("validation_averaged", $0.score)] } ?? [])
        + [("seconds", state.seconds)])
    if let spread = better?.spread,
      let message = collapse.message(spread, at: state.step, progress: fraction)
    {
      warn(message)
    }
    warnOfFailure("the log was not written") { try log.write() }
    keep(score, isAverage: isAverage)
  }

  /// Keeps the weights where their validation is the best so far.
  private func keep(_ score: Double, isAverage: Bool) {
    guard score.isFinite else { return }
    if score < state.bestScore {
      state.bestScore = score
      state.bestStep = state.step
      state.validationsWithoutGain = 0
      keep(isAverage: isAverage)
    } else {
      state.validationsWithoutGain += 1
    }
  }

  /// Keeps the weights as they are now, or their average, and the states.
  private func keep(isAverage: Bool) {
    state.bestIsAverage = isAverage
    best = kept.map(\.value.copied)
    guard isAverage, let average = learner.average else { return }
    for (place, value) in average.values.enumerated() { best[place] = value.copied }
  }
}
