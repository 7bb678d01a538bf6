import Files
import Images

/// The picture of a training: loss and validation score over the epochs, drawn from the log.
enum TrainingCurve {
  /// Where the curve of a training to this file stands.
  static func path(for output: String) -> String { Trainer.base(output) + ".curve.png" }

  /// Draws the log of a training to this file; returns the picture's path.
  static func write(for output: String, model: String) throws -> String {
    let log = TrainingLog(path: TrainingLog.path(for: output), keepingUpTo: .max)
    let plot = LinePlot(
      title: "\(model): \(FileSystem.lastComponent(of: output))", horizontalTitle: "epoch",
      verticalTitle: "nats an image",
      series: [
        LinePlot.Series(name: "training loss", points: points("loss", log)),
        LinePlot.Series(name: "validation", points: points("validation", log)),
        LinePlot.Series(
          name: "validation, averaged weights", points: points("validation_averaged", log)),
      ].filter { !$0.points.isEmpty })
    let path = path(for: output)
    try ImageFile.write(plot.rendered(), to: path)
    return path
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
