import Files
import Models
import Tasks
import Training

/// What `lacuna train` says at its end.
struct TrainReport {
  private let run: TrainingRun
  private let split: TrainingRun.Split
  private let outcome: TrainingRun.Outcome

  init(_ run: TrainingRun, _ split: TrainingRun.Split, _ outcome: TrainingRun.Outcome) {
    self.run = run
    self.split = split
    self.outcome = outcome
  }

  /// Writes the result.
  func write(_ session: Session) throws {
    try session.result(json, text: text)
  }

  private var text: String {
    let result = outcome.result
    var rows = [["model", run.output]]
    if let score = result.validation {
      let kind =
        result.steps == 0 ? result.validationKind : "\(result.validationKind), \(weights)"
      let unit = result.isLikelihood ? " nats an image" : ""
      rows.append(["validation", "\(FixedPoint.text(score, digits: 3))\(unit) (\(kind))"])
    }
    if result.steps > 0 {
      let early = result.stoppedEarly ? ", ended as validation no longer improved" : ""
      let time = ProgressReporter.duration(result.seconds)
      rows.append(["steps", "\(result.steps) in \(time)\(early)"])
    }
    if let curve = outcome.curve { rows.append(["curve", curve]) }
    return Table.text(rows)
  }

  private var weights: String {
    outcome.result.isAverage ? "averaged weights" : "last weights"
  }

  private var json: JSON {
    let result = outcome.result
    return .object([
      ("model", .text(run.output)), ("images", .integer(split.training.count)),
      ("labelled_images", .integer(split.training.labelledCount)),
      ("validation_images", .integer(split.validation.count)),
      ("skipped", .integer(split.problemCount)),
      (
        "validation_nats",
        result.isLikelihood ? result.validation.map(JSON.number) ?? .null : .null
      ), ("validation", result.validation.map(JSON.number) ?? .null),
      ("validation_kind", .text(result.validationKind)), ("steps", .integer(result.steps)),
      ("seconds", .number(result.seconds)), ("averaged_weights", .boolean(result.isAverage)),
      ("stopped_early", .boolean(result.stoppedEarly)),
      ("curve", outcome.curve.map(JSON.text) ?? .null),
    ])
  }
}
