import Files
import Tasks

/// What `lacuna evaluate embedding` says at its end.
enum EmbeddingReport {
  static func text(_ report: EmbeddingEvaluator.Report) -> String {
    let head = [
      ["training rows", "\(report.trainingRows) (\(report.classes.count) classes)"],
      ["test rows", "\(report.testRows)"], ["features", "\(report.features)"],
      ["draws", "\(report.nearestNeighbours.accuracies.count)"],
    ]
    var rows = [
      ["classifier", "error %", "accuracy %", "chosen on the training rows"],
      row("nearest neighbours", report.nearestNeighbours),
      row("logistic regression", report.logisticRegression),
    ]
    if let accuracy = report.ownAccuracy {
      rows.append([
        "the model's own", percent(1 - accuracy), percent(accuracy), "nothing",
      ])
    }
    return Table.text(head) + "\n\n" + Table.text(rows)
  }

  static func entries(_ report: EmbeddingEvaluator.Report) -> [(name: String, value: JSON)] {
    [
      ("training_rows", .integer(report.trainingRows)), ("test_rows", .integer(report.testRows)),
      ("features", .integer(report.features)), ("classes", .list(report.classes.map(JSON.text))),
      ("draws", .integer(report.nearestNeighbours.accuracies.count)),
      ("nearest_neighbours", json(report.nearestNeighbours)),
      ("logistic_regression", json(report.logisticRegression)),
      ("model_accuracy", report.ownAccuracy.map(JSON.number) ?? .null),
    ]
  }

  private static func row(
    _ name: String, _ measurement: EmbeddingEvaluator.Measurement
  ) -> [String] {
    let spread = measurement.standardDeviation.map { " +- \(percent($0))" } ?? ""
    // Choices by how often they were made, the most frequent first.
    var counts: [(choice: String, count: Int)] = []
    for choice in measurement.choices {
      if let place = counts.firstIndex(where: { $0.choice == choice }) {
        counts[place].count += 1
      } else {
        counts.append((choice, 1))
      }
    }
    let most = counts.max { $0.count < $1.count }
    let others = measurement.choices.count - (most?.count ?? 0)
    let chosen = (most?.choice ?? "") + (others > 0 ? " (\(others) draws otherwise)" : "")
    return [
      name, percent(1 - measurement.accuracy) + spread, percent(measurement.accuracy) + spread,
      chosen,
    ]
  }

  private static func json(_ measurement: EmbeddingEvaluator.Measurement) -> JSON {
    .object([
      ("accuracy", .number(measurement.accuracy)), ("error", .number(1 - measurement.accuracy)),
      ("standard_deviation", measurement.standardDeviation.map(JSON.number) ?? .null),
      ("accuracies", .list(measurement.accuracies.map(JSON.number))),
      ("chosen", .list(measurement.choices.map(JSON.text))),
    ])
  }

  private static func percent(_ share: Double) -> String { FixedPoint.text(100 * share, digits: 2) }
}
