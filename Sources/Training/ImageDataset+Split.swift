import Tensors

extension ImageDataset {
  /// Parts of the images chosen by a seeded shuffle: about `fraction` of every class, and the rest.
  ///
  /// `fraction` of all images are held, at least one, in shares of the classes' sizes; a class keeps
  /// its last image, so that what is held may be less where classes are tiny, and nothing where
  /// each has a single image.
  ///
  /// Where some images have labels and others have none, labels are what there is too little of: no
  /// labelled image is held back as long as the images without a label are twice as many as those
  /// to be held. The held images are then judged without labels, as they were found. To hold
  /// labelled images back would take from the few, and to look up the labels of others would let
  /// more labels choose the weights than the model may see.
  public func split(fraction: Double, seed: UInt64) -> (held: ImageDataset, rest: ImageDataset) {
    let wanted = min(count - 1, max(1, Int((Double(count) * fraction).rounded())))
    let unlabelled = unlabelledPlaces
    let candidates = unlabelled.count >= 2 * wanted ? unlabelled : Array(labels.indices)
    // The last group holds the images without a label.
    var sizes = [Int](repeating: 0, count: classes.count + 1)
    for index in candidates { sizes[labels[index] ?? classes.count] += 1 }
    var quotas = Self.shares(of: wanted, sizes)
    let order = RandomSource(seed: seed, purpose: .validation).permutation(candidates.count)
    var chosen: Set<Int> = []
    for place in order {
      let index = candidates[place]
      let group = labels[index] ?? classes.count
      guard quotas[group] > 0 else { continue }
      quotas[group] -= 1
      chosen.insert(index)
    }
    return (subset(chosen.sorted()), subset(labels.indices.filter { !chosen.contains($0) }))
  }

  /// A number shared out in proportion to sizes, by largest remainders; each group keeps one or more.
  private static func shares(of wanted: Int, _ sizes: [Int]) -> [Int] {
    let total = Double(max(1, sizes.reduce(0, +)))
    let exact = sizes.map { Double(wanted) * Double($0) / total }
    var shares = zip(exact, sizes).map { max(0, min(Int($0), $1 - 1)) }
    let byRemainder = sizes.indices.sorted {
      let (left, right) = (exact[$0] - Double(Int(exact[$0])), exact[$1] - Double(Int(exact[$1])))
      // Among equal remainders, the group that can spare one most easily.
      return (left, sizes[$0], -$0) > (right, sizes[$1], -$1)
    }
    var missing = wanted - shares.reduce(0, +)
    while missing > 0 {
      let before = missing
      for group in byRemainder where missing > 0 && shares[group] < sizes[group] - 1 {
        shares[group] += 1
        missing -= 1
      }
      if missing == before { break }
    }
    return shares
  }
}
