import Models
import Tensors
import Training

extension Augmenter {
  /// What a run makes, way by way.
  func portions(
    _ plan: AugmentationPlan, _ dataset: ImageDataset
  ) throws -> [AugmentationPortion] {
    try [drawn(plan, dataset), transformed(plan, dataset), pseudoLabelled(plan, dataset)]
      .compactMap { $0 }
  }

  private func drawn(
    _ plan: AugmentationPlan, _ dataset: ImageDataset
  ) throws -> AugmentationPortion? {
    guard options.amount != nil, let file = files.drawing else { return nil }
    if let part = options.redrawn {
      return AugmentationPortion(
        plan,
        try RedrawingMaker(
          file.model, dataset, plan, part, temperature: options.temperature.latents,
          filling: options.filling, context))
    }
    guard let drawer else { preconditionFailure("a plan to draw without what draws") }
    let encoder = try encoder(of: file)
    let check = CopyCheck(
      dataset, plan,
      // Features as `embed` writes them: told the class, an encoder can leave out what it says.
      encoded: try encoder.map { try EncodedOriginals($0, dataset.unlabelled) })
    let neighbourhood = try encoder.flatMap { encoder in
      try options.around.map { around in
        try LatentNeighbourhood(
          EncodedOriginals(encoder, dataset.relabelled(for: file.classes)), dataset, plan, around)
      }
    }
    let judge =
      options.labelCheck == nil
      ? drawer : drawer.calibrated(on: dataset.relabelled(for: file.classes))
    return AugmentationPortion(plan, DrawingMaker(judge, around: neighbourhood), check: check)
  }

  private func transformed(
    _ plan: AugmentationPlan, _ dataset: ImageDataset
  ) -> AugmentationPortion? {
    options.transformed.map { copies in
      let plan = plan.with(.transformed) { copies.perOriginal * $0.originals }
      return AugmentationPortion(
        plan, TransformingMaker(dataset, plan, copies.transforms, seed: options.seed))
    }
  }

  private func pseudoLabelled(
    _ plan: AugmentationPlan, _ dataset: ImageDataset
  ) throws -> AugmentationPortion? {
    guard let least = options.pseudoLabel, let file = files.labelling ?? files.drawing else {
      return nil
    }
    let labels = try PseudoLabels(
      among: dataset, by: file, calibratedOn: dataset, probability: least, context)
    let counts = labels.counts(classes: dataset.classes.count)
    let plan = plan.with(.pseudoLabelled) { counts[$0.place] }
    return AugmentationPortion(plan, PseudoLabellingMaker(dataset, labels, plan))
  }

  /// What tells features, where the model does.
  private func encoder(of file: ModelFile) throws -> FeatureEncoder? {
    guard let model = file.model as? any Encoding else { return nil }
    var wanted = FeatureEncoder.Options()
    wanted.wantsVariances = model.givesVariances
    return try FeatureEncoder(model, wanted, context)
  }
}
