import Models
import Tensors
import Training

/// How near images are to the originals, by `augment`'s own measure of pixels.
struct CopyMeasure: Sendable {
  private let check: CopyCheck
  private let originals: ImageDataset
  /// The group of originals without a class.
  private var otherGroup: Int { originals.classes.count }

  /// Learns what is near among originals.
  init(_ originals: ImageDataset) {
    self.originals = originals
    var groups = [[Int]](repeating: [], count: originals.classes.count + 1)
    for (place, label) in originals.labels.enumerated() {
      groups[label ?? originals.classes.count].append(place)
    }
    check = CopyCheck(originals, groups: groups, encoded: nil)
  }

  /// Each image's nearest original and whether it is a copy of it; of an image without a class, the original's decides what is near.
  ///
  /// - Parameter excluding: for each image its own place among the originals, where it is one of them.
  func measured(_ images: ImageDataset, _ context: Context) throws -> SampleReport.Nearest {
    var nearest: [SampleReport.Nearest.Match] = []
    for block in NearestRows.blocks(images.count) {
      try context.stopIfAsked("interrupted while originals were looked up")
      let matches = check.matches(images.batch(Array(block)).levels)
      for (place, match) in zip(block, matches) {
        let group = images.labels[place] ?? originals.labels[match.index] ?? otherGroup
        nearest.append(
          .init(
            original: match.index, distance: match.distance,
            isCopy: check.isCopy(match, of: group)))
      }
    }
    return SampleReport.Nearest(matches: nearest)
  }
}
