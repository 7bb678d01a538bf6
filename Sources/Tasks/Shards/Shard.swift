/// One of N blocks of a run, so that several processes or machines share its work.
///
/// Blocks are contiguous in the run's sorted list, as equal in size as can be, the first ones the larger; where there are more
/// blocks than work, the last ones are empty.
public struct Shard: Sendable, Equatable, CustomStringConvertible {
  /// Blocks of a run, at most.
  public static let mostCount = 1_000_000

  /// Which one it is, 1 for the first.
  public let number: Int
  /// How many there are.
  public let count: Int

  /// The n-th of some blocks; nil where there is none such.
  public init?(_ number: Int, of count: Int) {
    guard (1...Self.mostCount).contains(count), (1...count).contains(number) else { return nil }
    self.number = number
    self.count = count
  }

  /// Whether it is the first one, which tells of what belongs to the whole run.
  var isFirst: Bool { number == 1 }

  /// Its places in a list of so many.
  public func range(of total: Int) -> Range<Int> {
    let (size, larger) = (total / count, total % count)
    let start = (number - 1) * size + min(number - 1, larger)
    return start..<start + size + (number <= larger ? 1 : 0)
  }

  /// Such as `2/5`.
  public var description: String { "\(number)/\(count)" }
}
