import Files
import Tasks

/// What `lacuna recommend` says at its end.
enum RecommendReport {
  static func text(_ recipe: AugmentationRecipe, _ path: String) -> String {
    let rows = recipe.trials.sorted { $0.gain > $1.gain }.map { trial in
      [
        trial.title, AugmentationRecipe.points(trial.gain),
        trial.standardError.map { FixedPoint.text(100 * $0, digits: 1) } ?? "", "\(trial.parts)",
      ]
    }
    let table = Table.text([["WAY", "GAIN, POINTS", "+-", "PARTS"]] + rows)
    let facts = Table.text([
      ["labelled images", "\(recipe.counts.labelled)"],
      ["images without a label", "\(recipe.counts.unlabelled)"],
      [
        "accuracy without augmentation",
        FixedPoint.text(100 * recipe.baseAccuracy, digits: 1) + " %",
      ], ["written to", path],
    ])
    return [table, facts, recipe.verdict].joined(separator: "\n\n")
  }
}
