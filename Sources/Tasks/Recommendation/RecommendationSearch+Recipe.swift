import Files
import Models
import Tensors
import Training

extension RecommendationSearch {
  /// Standard errors either side of the mean that a 90 % interval spans.
  private static let intervalErrors = 1.645
  /// Standard errors by which a gain must be above 0 to be recommended: five to one that it helps.
  private static let errorsForUse = 1.0

  /// What was found, without its models.
  func recipe(base: ImageTransforms) -> AugmentationRecipe {
    let candidates = complete
    let selected = SelectedGain(
      candidates.map { gains($0) },
      cells: candidates.map { outcomes($0).cellGains(over: outcomes(.nothing)) },
      seed: workshop.seed)
    let best = selected.best.map { candidates[$0] }
    let isUsed = selected.expected > Self.errorsForUse * selected.standardError
    let half = Self.intervalErrors * selected.standardError
    let dataset = workshop.dataset
    return AugmentationRecipe(
      way: isUsed ? best ?? .nothing : .nothing, seed: workshop.seed,
      fingerprint: dataset.fingerprint, shape: dataset.shape,
      counts: (dataset.labelledCount, dataset.count - dataset.labelledCount), base: "\(base)",
      baseAccuracy: outcomes(.nothing).accuracy,
      expected: (selected.expected, selected.expected - half, selected.expected + half),
      best: best?.title, trials: trials)
  }

  private var trials: [AugmentationRecipe.Trial] {
    let complete = complete
    return ways.filter { !$0.isNothing }.compactMap { way in
      gain(way).map {
        AugmentationRecipe.Trial(
          title: way.title, gain: $0.value, standardError: $0.standardError,
          parts: outcomes(way).right.count, isComplete: complete.contains(way),
          copies: way.isTransformsAlone ? way.transformed?.perOriginal : nil)
      }
    }
  }

  /// The models of a way, taught by all images: their files.
  func finalModels(_ way: AugmentationWay) throws -> (drawing: String?, labelling: String?) {
    _ = try workshop.files(way, workshop.dataset, name: "all")
    return (
      way.drawing.map { workshop.path($0.role, "all") },
      way.pseudoLabel == nil ? nil : workshop.path(.labelling, "all")
    )
  }
}
