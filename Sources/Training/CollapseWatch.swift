/// Sees that a model's samples have become all alike, and says so once.
package struct CollapseWatch {
  /// Samples that differ by less than the first share of what images do are one and the same, those that differ by more than
  /// the second were not.
  private static let spreads = (collapsed: 0.1, grown: 0.3)

  /// The largest spread of samples so far.
  private var mostSpread = 0.0
  private var hasTold = false

  /// Before the first validation.
  package init() {}

  /// What to say where samples have become all alike, or are so in the second half of a training.
  ///
  /// At its start they are. It may pass, and the best weights are kept.
  ///
  /// - Parameters:
  ///   - spread: how much samples differ from each other, as a share of how much images do.
  ///   - progress: the share of the training behind, 0...1.
  package mutating func message(_ spread: Double, at step: Int, progress: Double) -> String? {
    mostSpread = max(mostSpread, spread)
    let isFallen = mostSpread > Self.spreads.grown || progress > 0.5
    guard spread < Self.spreads.collapsed, isFallen, !hasTold else { return nil }
    hasTold = true
    let share = Int((spread * 100).rounded())
    return
      "after step \(step) samples are all alike: they differ from each other by \(share) % of what images do. "
      + "The best weights so far are kept; if it does not pass, try another seed or loss, or a lower --learning-rate"
  }
}
