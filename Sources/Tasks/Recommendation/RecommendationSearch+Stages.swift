import Models
import Tensors
import Training

/// The stages of a search, from the cheap to the dear.
extension RecommendationSearch {
  /// Tries everything that there is time for.
  func run() throws {
    let levels = workshop.dataset.shape.levels
    try race("common transforms", TransformCandidates.common(levels: levels, copies: copies))
    try race("kinds", TransformCandidates.single(levels: levels, copies: copies))
    try race("kinds together", TransformCandidates.together(singleGains, copies: copies))
    try tryUnlabelled()
    try tryDrawing()
    for number in 1...Self.refinements {
      guard let best = bestTransforms else { break }
      try race(
        "one kind more or less, \(number)",
        TransformCandidates.neighbours(
          of: best.transforms, levels: levels, copies: best.perOriginal))
    }
    try tryJoined()
    try tryAmounts()
  }

  /// Copies of each original: enough to be far more than the originals, few enough to be seen often.
  private var copies: Int {
    max(1, min(16, Self.mostCopies / max(1, workshop.dataset.labelledCount)))
  }

  /// Times that the best transforms so far are changed by one kind.
  private static let refinements = 2
  /// Copies of all originals together.
  private static let mostCopies = 16_000

  /// The best copies under ordinary transforms alone, where they gain anything.
  private var bestTransforms: TransformedCopies? {
    best { $0.isTransformsAlone }.flatMap { $0.gain > 0 ? $0.way.transformed : nil }
  }

  private var singleGains: [(transforms: ImageTransforms, gain: Double)] {
    ways.compactMap { way in
      guard way.isTransformsAlone, let transforms = way.transformed?.transforms,
        transforms.kinds.count == 1, let gain = gain(way)
      else { return nil }
      return (transforms, gain.value)
    }
  }

  /// Images without a label whose class a model is sure of.
  private func tryUnlabelled() throws {
    guard workshop.models.plan.modelSteps[.labelling] != nil else { return }
    let ways = [0.5, 0.8, 0.95].map { AugmentationWay(pseudoLabel: $0) }
    try race(
      "images without a label", ways,
      modelSeconds: workshop.models.plan.modelSeconds[.labelling] ?? 0,
      fixedSeconds: workshop.models.plan.modelSeconds[.features] ?? 0)
  }

  /// Images from models that have learnt the labelled ones.
  private func tryDrawing() throws {
    let plan = workshop.models.plan
    if plan.modelSteps[.drawing] != nil {
      let drawn: [AugmentationWay.Drawing] = [
        .init(perOriginal: 2, around: .init(scale: 1, isBetween: true)),
        .init(perOriginal: 2, around: .init(scale: 1, isBetween: false)),
        .init(perOriginal: 2, temperature: 0.7),
      ]
      try race(
        "drawn images", drawn.map { AugmentationWay(drawing: $0) },
        modelSeconds: plan.modelSeconds[.drawing] ?? 0)
    }
    if plan.modelSteps[.redrawing] != nil {
      let redrawn = [0.25, 0.5].map { share in
        AugmentationWay.Drawing(
          perOriginal: 2, redrawn: RedrawnPart(share: share), filling: ["steps": "16"])
      }
      try race(
        "redrawn parts", redrawn.map { AugmentationWay(drawing: $0) },
        modelSeconds: plan.modelSeconds[.redrawing] ?? 0)
    }
  }

  /// The best of each kind of way together.
  private func tryJoined() throws {
    guard let transformed = bestTransforms else { return }
    let others = [
      best { $0.pseudoLabel != nil && $0.transformed == nil },
      best { $0.drawing != nil && $0.transformed == nil },
    ].compactMap { $0 }.filter { $0.gain > 0 }
    try race(
      "together",
      others.map { way, _ in
        var joined = way
        joined.transformed = transformed
        return joined
      })
  }

  /// Other numbers of copies of what is best so far.
  private func tryAmounts() throws {
    guard let best = bestTransforms else { return }
    let amounts = [best.perOriginal / 8, best.perOriginal / 3, best.perOriginal * 3].filter {
      $0 > 0 && $0 != best.perOriginal
        && $0 * workshop.dataset.labelledCount <= 2 * Self.mostCopies
    }
    try race(
      "amounts",
      amounts.map {
        AugmentationWay(
          transformed: TransformedCopies(perOriginal: $0, transforms: best.transforms))
      })
  }
}

extension AugmentationWay {
  /// Whether it is copies under ordinary transforms and nothing else.
  var isTransformsAlone: Bool { transformed != nil && drawing == nil && pseudoLabel == nil }
}
