import Images
import Layers
public import Models
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Trains one model: walks its objectives, validates after every pass, keeps the best weights and stops by itself.
///
/// Interrupted, it leaves a checkpoint, `OUTPUT.checkpoint`, from which it goes on to the same result as an
/// uninterrupted training of so many epochs. (With a time budget the number of steps depends on the machine.)
public final class Trainer {
  let instance: ModelInstance
  private let training: ImageDataset
  private let validation: ImageDataset
  private let options: TrainingOptions
  let output: String
  let identity: [String: String]
  let objectives: [Objective]
  let optimizers: [Adam]
  let average: MovingAverage
  private let schedule: LearningRate
  var state = TrainingState()
  var best: [Tensor]
  var log: TrainingLog
  private let warn: (String) -> Void
  private let report: (TrainingProgress) -> Void
  private var lastValidation: Double?
  private var shuffled: (epoch: Int, order: [Int]) = (-1, [])

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
    self.training = training
    self.validation = validation
    self.options = options
    self.output = output
    self.warn = warn
    self.report = report
    objectives = instance.model.objectives
    optimizers = objectives.map { Adam($0.parameters) }
    average = MovingAverage(instance.store.parameters, decay: options.averageDecay)
    let card = type(of: instance.model).card
    schedule = LearningRate(peak: options.learningRate ?? card.learningRate)
    best = instance.store.parameters.map(\.value)
    identity = [
      "model": card.name, "settings": Self.text(instance.model.configuration.texts),
      "options": options.fingerprint, "data": training.fingerprint,
    ]
    log = TrainingLog(path: Self.base(output) + ".log.jsonl", keepingUpTo: nil)
    if resume, FileSystem.exists(Self.checkpointPath(output)) { try restore() }
  }

  private static func text(_ settings: [String: String]) -> String {
    settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }

  /// The output's path without `.safetensors`: what the log and the curve are named after.
  public static func base(_ output: String) -> String {
    output.hasSuffix(".safetensors") ? String(output.dropLast(".safetensors".count)) : output
  }

  private var stepsPerEpoch: Int {
    max(1, (training.count + options.batchSize - 1) / options.batchSize)
  }

  /// The share of the training that is behind.
  private var fraction: Double {
    switch options.length {
    case .epochs(let epochs): Double(state.step) / Double(max(1, epochs * stepsPerEpoch))
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
      let ends = state.step % stepsPerEpoch == 0 || fraction >= 1
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
    if state.step % stepsPerEpoch != 0, state.bestStep == 0 { validate() }
    warnOfFailure("the log was not written") { try log.write() }
    // Steps that were finite, and no validation that was: there are no weights worth keeping.
    guard state.bestScore.isFinite || state.step == 0 else {
      throw diverged("validation score", state.bestScore)
    }
    for (parameter, value) in zip(instance.store.parameters, best) { parameter.assign(value) }
    return TrainingResult(
      validation: state.bestScore, scoreKind: scoreKind, steps: state.step, seconds: state.seconds,
      isAverage: state.bestIsAverage, stoppedEarly: fraction < 1)
  }

  private func warnOfFailure(_ what: String, _ body: () throws -> Void) {
    do { try body() } catch { warn("\(what): \(error)") }
  }

  private var isStale: Bool {
    options.patience.map { state.validationsWithoutGain >= $0 } ?? false
  }

  /// One batch through every objective.
  private func makeStep() throws -> Float {
    let (epoch, place) = state.step.quotientAndRemainder(dividingBy: stepsPerEpoch)
    if epoch != shuffled.epoch {
      shuffled = (
        epoch,
        RandomSource(seed: options.seed, purpose: .shuffling).at(epoch).permutation(training.count)
      )
    }
    let order = shuffled.order
    let range = place * options.batchSize..<min(order.count, (place + 1) * options.batchSize)
    let indices = Array(order[range])
    let rate = schedule.rate(step: state.step, progress: fraction)
    for (objective, optimizer) in zip(objectives, optimizers) {
      let (value, gradients) = ShardedGradients(
        training, indices, seed: options.seed, step: state.step, precision: options.precision
      ).compute(objective)
      let norm = optimizer.update(
        gradients: gradients, learningRate: rate, clippingNorm: options.clippingNorm)
      guard value.isFinite, norm.isFinite else { throw diverged("\(objective.name) loss", value) }
      state.lossSum += Double(value)
      state.lossCount += 1
    }
    state.step += 1
    average.update()
    return rate
  }

  private func diverged(_ what: String, _ value: some BinaryFloatingPoint) -> TrainingError {
    TrainingError(
      "the \(what) is not finite (\(value)) at step \(state.step); no model was written. "
        + "Try a lower --learning-rate (now \(schedule.peak)), --precision float32, or a smaller model"
    )
  }

  private func writeLogLine(_ rate: Float) {
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

  /// Scores the present and the averaged weights, and keeps the better where it is the best so far.
  private func validate() {
    let present = validationScore()
    let averaged = average.whileApplied { validationScore() }
    let (score, isAverage) = averaged <= present ? (averaged, true) : (present, false)
    lastValidation = score
    log.append(
      step: state.step,
      [
        ("epoch", Double(state.step) / Double(stepsPerEpoch)), ("validation", present),
        ("validation_averaged", averaged), ("seconds", state.seconds),
      ])
    warnOfFailure("the log was not written") { try log.write() }
    guard score.isFinite else { return }
    if score < state.bestScore {
      state.bestScore = score
      state.bestStep = state.step
      state.bestIsAverage = isAverage
      state.validationsWithoutGain = 0
      let weights = isAverage ? average.values : instance.store.parameters.map(\.value)
      best = weights.map(\.copied)
    } else {
      state.validationsWithoutGain += 1
    }
  }

  /// Mean nats an image over validation images: the score where the model has one, else the first loss.
  private func validationScore() -> Double {
    let count = min(validation.count, options.mostValidationImages)
    let pass = Pass(options.precision)
    var total = 0.0
    for start in stride(from: 0, to: count, by: 100) {
      let batch = validation.batch(Array(start..<min(count, start + 100)))
      if let scoring = instance.model as? any Scoring {
        total -= scoring.scores(batch, pass).logLikelihoods.reduce(0, +)
      } else if let objective = objectives.first {
        total += Double(objective.loss(batch, pass).scalar) * Double(batch.count)
      }
    }
    return total / Double(count)
  }

  private var scoreKind: String {
    guard let scoring = instance.model as? any Scoring else {
      return objectives.first?.name ?? "none"
    }
    return scoring.scores(validation.batch([0]), Pass()).kind.description
  }

  private func progress(since startStep: Int, _ startSeconds: Double) {
    let seconds = max(1e-9, state.seconds - startSeconds)
    let rate = Double(state.step - startStep) / seconds
    let left: Double
    switch options.length {
    case .epochs(let epochs): left = Double(epochs * stepsPerEpoch - state.step) / max(rate, 1e-9)
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
