import Files
import Images

/// The picture of a training: loss and validation score over the epochs, drawn from the log.
enum TrainingCurve {
  /// Where the curve of a training to this file stands.
  static func path(for output: String) -> String { Trainer.base(output) + ".curve.png" }

  /// Draws the log of a training to this file; returns the picture's path, or nil where there is no curve to see.
  static func write(for output: String, model: String, isLikelihood: Bool) throws -> String? {
    let log = TrainingLog(path: TrainingLog.path(for: output), keepingUpTo: .max)
    let all = log.valueNames.map { name in
      LinePlot.Series(name: title(of: name), points: points(name, log))
    }.filter { !$0.points.isEmpty }
    guard all.contains(where: { $0.points.count > 1 }) else { return nil }
    let plot = LinePlot(
      title: "\(model): \(FileSystem.lastComponent(of: output))", horizontalTitle: "epoch",
      verticalTitle: isLikelihood ? "nats an image" : "value", series: all)
    let path = path(for: output)
    try ImageFile.write(plot.rendered(), to: path)
    return path
  }

  private static func title(of name: String) -> String {
    switch name {
    case "loss": "training loss"
    case "validation_averaged": "validation, averaged weights"
    default: name.replacing("_", with: " ")
    }
  }

  private static func points(_ name: String, _ log: TrainingLog) -> [LinePlot.Point] {
    log.lines.compactMap { line in
      guard let epoch = line.entries.first(where: { $0.name == "epoch" })?.value,
        let value = line.entries.first(where: { $0.name == name })?.value, value.isFinite
      else { return nil }
      return LinePlot.Point(x: epoch, y: value)
    }
  }
}
