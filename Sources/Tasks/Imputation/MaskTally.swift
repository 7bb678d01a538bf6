import Images

/// What the masks of a run mark, for a word about those that are hardly meant so.
struct MaskTally {
  private let pairing: MaskPairing
  private var count = 0
  private var markingNothing = 0
  private var markingAll = 0
  private var hasToldOfLevels = false

  /// Counts masks of this pairing.
  init(_ pairing: MaskPairing) { self.pairing = pairing }

  /// Counts a mask; the first one whose levels lie close together is told.
  mutating func take(
    _ drawn: DrawnMask, of pair: MaskPairing.Pair, _ reporter: TaskReporter
  ) {
    count += 1
    let missing = drawn.mask.missingCount
    if missing == 0 { markingNothing += 1 }
    if missing == drawn.mask.missing.count { markingAll += 1 }
    guard let levels = drawn.closeLevels, let path = pair.maskPath, !hasToldOfLevels else { return }
    hasToldOfLevels = true
    reporter.warn(
      "\(path): has no levels but \(levels.lowerBound) and \(levels.upperBound); the higher one "
        + "counts as white, in this mask and in those like it")
  }

  /// Tells how many masks mark nothing, and how many everything.
  func report(to reporter: TaskReporter) {
    // A region is said in so many words.
    if case .region = pairing.source { return }
    if markingNothing > 0 {
      reporter.warn(
        "\(share(markingNothing)) no pixel is missing, and nothing is filled; \(advice)")
    }
    if markingAll > 0 {
      reporter.warn(
        "\(share(markingAll)) every pixel is missing, and nothing is kept; \(advice)")
    }
  }

  private func share(_ part: Int) -> String {
    "in \(part) of \(count) image\(count == 1 ? "" : "s")"
  }

  /// What may help.
  private var advice: String {
    switch pairing.source {
    case .alpha: "missing is what is fully transparent; --masks names masks in files"
    case .directory, .file, .region:
      switch pairing.polarity {
      case .white:
        "in the masks white is missing, levels from 128 on; where black is, give --missing black"
      case .black:
        "in the masks black is missing, levels below 128; where white is, give --missing white"
      }
    }
  }
}
