extension RandomSource {
  /// The stream of an index that this one's and a number decide: streams for the parts of what this one is for.
  package func derived(_ number: Int) -> RandomSource {
    at(Int(truncatingIfNeeded: index &* 1_000_003 &+ UInt64(number)))
  }
}
