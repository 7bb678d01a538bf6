import Tensors

extension ImageDataset {
  /// Parts of the images chosen by a seeded shuffle: the first `fraction` of it, and the rest.
  ///
  /// Where some images have labels and others have none, labels are what there is too little of: no
  /// labelled image is held back as long as the images without a label are twice as many as those
  /// to be held. The held images are then judged without labels, as they were found. To hold
  /// labelled images back would take from the few, and to look up the labels of others would let
  /// more labels choose the weights than the model may see.
  public func split(fraction: Double, seed: UInt64) -> (held: ImageDataset, rest: ImageDataset) {
    let held = min(count - 1, max(1, Int((Double(count) * fraction).rounded())))
    let unlabelled = labels.indices.filter { labels[$0] == nil }
    let candidates = unlabelled.count >= 2 * held ? unlabelled : Array(labels.indices)
    let order = RandomSource(seed: seed, purpose: .validation).permutation(candidates.count)
    let chosen = Set(order[..<held].map { candidates[$0] })
    return (subset(chosen.sorted()), subset(labels.indices.filter { !chosen.contains($0) }))
  }
}
