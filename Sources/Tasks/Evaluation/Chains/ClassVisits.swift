/// Which classes chains are in, sweep after sweep.
public struct ClassVisits: Sendable, Equatable {
  /// The names of the classes.
  public let names: [String]
  /// The share of all states that is in each.
  public let shares: [Double]
  /// Classes that a chain is in at some time, the mean over the chains.
  public let classesOfChain: MeanEstimate
  /// Changes of class from one sweep to the next, a sweep; the mean over the chains.
  public let changes: MeanEstimate

  /// Classes that any chain is in.
  public var found: Int { shares.count { $0 > 0 } }

  /// Of the classes of each chain's states, two at least.
  package init(_ chains: [[Int]], names: [String]) {
    self.names = names
    var counts = [Int](repeating: 0, count: names.count)
    for label in chains.joined() { counts[label] += 1 }
    let all = Double(max(1, counts.reduce(0, +)))
    shares = counts.map { Double($0) / all }
    classesOfChain = MeanEstimate(of: chains.map { Double(Set($0).count) })
    changes = MeanEstimate(
      of: chains.map { labels in
        Double(zip(labels, labels.dropFirst()).count { $0 != $1 })
          / Double(max(1, labels.count - 1))
      })
  }
}
