import Files

/// All parts of one run, each once, in order.
public struct ShardSet: Sendable {
  /// The parts, that of the first shard first.
  public let parts: [ShardPart]

  /// Shards that are named one by one in a message.
  private static let mostNamed = 12

  /// What all parts have in common; which one of them is asked does not matter.
  public var record: ShardRecord { parts[0].record }

  /// Puts parts together.
  ///
  /// - Throws: `TaskError` where one is missing, twice there, or of another run than the others.
  public init(_ given: [ShardPart]) throws {
    guard let first = given.first else { throw TaskError("no part to merge") }
    for other in given.dropFirst() {
      guard let difference = Self.difference(other, first) else { continue }
      throw TaskError(
        "\(other.path): is of another run than \(first.path): \(difference); parts of one run alone "
          + "can be merged")
    }
    parts = given.sorted { $0.record.shard.number < $1.record.shard.number }
    for (part, next) in zip(parts, parts.dropFirst())
    where part.record.shard == next.record.shard {
      throw TaskError(
        "\(part.path) and \(next.path): are both shard \(part.record.shard); give one of them")
    }
    let there = Set(parts.map(\.record.shard.number))
    let missing = (1...first.record.shard.count).filter { !there.contains($0) }
    guard missing.isEmpty else {
      let names = missing.prefix(Self.mostNamed).map { "\($0)" }
      let rest = missing.count - names.count
      throw TaskError(
        "shard\(missing.count == 1 ? "" : "s") \(names.joined(separator: ", "))"
          + "\(rest > 0 ? " and \(rest) more" : "") of \(first.record.shard.count) "
          + "\(missing.count == 1 ? "is" : "are") missing; given: "
          + NameList.text(parts.map(\.path)))
    }
  }

  /// How a part is unlike another one, in words; nil where both may be of one run.
  private static func difference(_ part: ShardPart, _ other: ShardPart) -> String? {
    let (own, its) = (part.record, other.record)
    if own.task != its.task { return "'\(own.task.rawValue)', not '\(its.task.rawValue)'" }
    if own.shard.count != its.shard.count {
      return "shard \(own.shard), not one of \(its.shard.count)"
    }
    if own.seed != its.seed { return "seed \(own.seed), not \(its.seed)" }
    if own.model.digest != its.model.digest {
      return "another model (\(model(own)), not \(model(its)))"
    }
    if own.options != its.options { return options(own.options, its.options) }
    if own.images != its.images {
      return "other images (files were added, removed or changed in between)"
    }
    if own.version != its.version { return "lacuna \(own.version), not \(its.version)" }
    return nil
  }

  private static func model(_ record: ShardRecord) -> String {
    record.model.path.map { "\($0), \(record.model.digest.prefix(12))..." } ?? "none"
  }

  /// Which options differ.
  private static func options(_ own: String, _ its: String) -> String {
    let (left, right) = (own.split(separator: " "), its.split(separator: " "))
    func others(_ words: [Substring], _ than: [Substring]) -> String {
      words.filter { !than.contains($0) }.joined(separator: " ")
    }
    return "\(others(left, right)), not \(others(right, left))"
  }

  /// The sum of a number over all parts.
  func sum(_ name: String) throws -> Int {
    try parts.reduce(0) { try $0 + $1.detail(name, \.asInteger) }
  }
}
