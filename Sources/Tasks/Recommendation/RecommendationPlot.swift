import Files
public import Images

/// The picture of a recommendation: the best of what was tried, and what amounts are worth.
public enum RecommendationPlot {
  /// Bars at most.
  private static let mostBars = 7

  /// Accuracies on the parts left out: of the best ways beside nothing; and against the copies of each original, where several
  /// numbers of one kind were tried.
  public static func image(_ recipe: AugmentationRecipe, title: String) -> Image {
    let ranked = recipe.trials.sorted { $0.gain > $1.gain }.prefix(mostBars)
    var bars = BarChart(
      title: "\(title): \(recipe.verdict)", verticalTitle: "accuracy on the parts left out, %",
      bars: [bar("nothing", recipe.baseAccuracy, nil)]
        + ranked.map { bar($0.title, recipe.baseAccuracy + $0.gain, $0.standardError) })
    bars.width = 1100
    bars.highest = 100
    let amounts = amounts(recipe)
    guard amounts.count > 2 else { return bars.rendered() }
    var curve = LinePlot(
      title: "what amounts are worth", horizontalTitle: "copies of each original",
      verticalTitle: "accuracy on the parts left out, %",
      series: [.init(name: "transformed copies", points: amounts, showsPoints: true)])
    curve.width = 1100
    return Canvas.stacked([bars.rendered(), curve.rendered()])
  }

  private static func bar(_ name: String, _ accuracy: Double, _ error: Double?) -> BarChart.Bar {
    BarChart.Bar(
      name: name.split(separator: ",").joined(separator: ", "), value: 100 * max(0, accuracy),
      spread: error.map { 100 * $0 }, caption: FixedPoint.text(100 * accuracy, digits: 1))
  }

  /// The accuracy by the copies of each original, of the kinds of which most numbers were tried; none first.
  static func amounts(_ recipe: AugmentationRecipe) -> [LinePlot.Point] {
    let copied = recipe.trials.compactMap { trial in
      trial.copies.map {
        (kinds: trial.title.split(separator: " ")[0], copies: $0, gain: trial.gain)
      }
    }
    let groups = Dictionary(grouping: copied, by: \.kinds)
    guard let most = groups.values.max(by: { ($0.count, $1[0].kinds) < ($1.count, $0[0].kinds) })
    else { return [] }
    return [.init(x: 0, y: 100 * recipe.baseAccuracy)]
      + most.sorted { $0.copies < $1.copies }.map {
        .init(x: Double($0.copies), y: 100 * (recipe.baseAccuracy + $0.gain))
      }
  }
}
