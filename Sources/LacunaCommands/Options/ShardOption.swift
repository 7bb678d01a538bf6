import ArgumentParser
import Tasks

/// Which block of a run's work is done.
struct ShardOption: ParsableArguments {
  /// How a block is named.
  private enum Choice {
    case explicit(Shard)
    case environment(count: Int?)

    /// Reads `2/5`, `auto` or `auto/5`.
    init?(_ text: String) {
      let sides = text.split(separator: "/", omittingEmptySubsequences: false)
      let count = sides.count == 2 ? Int(sides[1]) : nil
      guard (1...2).contains(sides.count), sides.count == 1 || count != nil else { return nil }
      if sides[0] == "auto" {
        if let count, Shard(1, of: count) == nil { return nil }
        self = .environment(count: count)
        return
      }
      guard let number = Int(sides[0]), let shard = count.flatMap({ Shard(number, of: $0) }) else {
        return nil
      }
      self = .explicit(shard)
    }
  }

  @Option(
    help: ArgumentHelp(
      """
      Do the I-th of N parts of the work alone, for 'lacuna merge' to join; auto asks the environment (Slurm, MPI, AWS \
      Batch), auto/N where it tells I alone (Kubernetes).
      """, valueName: "I/N|auto|auto/N"))
  var shard: String?

  func validate() throws {
    if let shard, Choice(shard) == nil {
      throw ValidationError(
        "--shard takes I/N with I in 1...N and N up to \(Shard.mostCount), auto or auto/N, not "
          + "'\(shard)'")
    }
  }

  /// The block; nil where all is to be done.
  ///
  /// - Throws: `ValidationError` where the environment does not tell it.
  func chosen() throws -> Shard? {
    switch shard.flatMap(Choice.init) {
    case nil: nil
    case .explicit(let shard): shard
    case .environment(let count):
      try ShardEnvironment(ShardEnvironment.current).shard(of: count)
    }
  }

  /// Refuses options that a block cannot serve.
  ///
  /// - Parameter options: each with whether it is given.
  func refuse(_ options: [(name: String, isGiven: Bool)], because reason: String) throws {
    guard shard != nil, let option = options.first(where: \.isGiven)?.name else { return }
    throw ValidationError("\(option) \(reason), and a shard knows its own alone; leave it out")
  }
}
