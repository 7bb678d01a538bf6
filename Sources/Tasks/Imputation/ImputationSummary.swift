/// What came of filling the holes of a directory's images.
public struct ImputationSummary: Sendable, Equatable {
  /// Images that have all their completions.
  public var images = 0
  /// Completions written, those of earlier runs included.
  public var completions = 0
  /// Completions that are exact.
  public var exact = 0
  /// Images that had no missing pixel.
  public var whole = 0
  /// Images that an earlier run had done.
  public var resumed = 0
  /// Images that an earlier run had done from other contents, or whose files were gone.
  public var renewed = 0
  /// Inputs that were skipped.
  public var skipped = 0
  /// Completions by the method that filled them.
  public var methods: [String: Int] = [:]
  /// What fewer passes than missing pixels cost, in nats an image, estimated from some of them:
  /// how much less likely the model finds what was drawn than those who drew it did.
  ///
  /// Nil where no image was filled so in this run.
  public var stepCost: MeanEstimate?

  /// The numbers that do not depend on where a run was interrupted.
  var counts: [(name: String, value: Int)] {
    [
      ("images", images), ("completions", completions), ("exact", exact), ("without_hole", whole),
      ("skipped", skipped),
    ]
  }
}
