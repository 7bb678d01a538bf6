import Images
import Models

/// What a run would do: every image with its mask, read and checked, nothing filled.
public struct ImputationCheck: Sendable {
  /// One image that would be filled.
  public struct Entry: Sendable {
    /// The image's path.
    public let image: String
    /// The mask's path, or nil where no file is the mask.
    public let mask: String?
    /// The share of pixels that are missing, 0...1.
    public let missingShare: Double
  }

  /// The images in byte order of their relative paths.
  public let entries: [Entry]

  /// Reads the images and masks of a plan for this filler.
  public init(_ plan: ImputationPlan, for filler: HoleFiller, reporter: TaskReporter) throws {
    for problem in plan.problems { try reporter.skip(problem) }
    var entries: [Entry] = []
    var tally = MaskTally(plan.pairing)
    for (place, item) in plan.items.enumerated() {
      do {
        let (picture, drawn) = try ItemContent(item, of: plan.pairing)
          .picture(item, of: plan.pairing, for: filler)
        tally.take(drawn, of: item.pair, reporter)
        entries.append(
          Entry(
            image: plan.pairing.folder.path(of: item.pair.entry), mask: item.pair.maskPath,
            missingShare: picture.mask.missingFraction))
      } catch {
        try reporter.skip(because: error)
      }
      reporter.progress(.init(done: place + 1, total: plan.items.count))
    }
    guard !entries.isEmpty else {
      throw TaskError("\(plan.pairing.folder.root): no image could be completed")
    }
    tally.report(to: reporter)
    self.entries = entries
  }

  /// Whether the median image misses more than half of its pixels, as happens when known and
  /// missing are mixed up.
  public var looksReversed: Bool {
    let shares = entries.map(\.missingShare).sorted()
    return shares[shares.count / 2] > 0.5
  }
}
