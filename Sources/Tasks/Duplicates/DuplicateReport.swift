import Files

/// The images of a directory that are there more than once.
public struct DuplicateReport: Sendable, Equatable {
  /// How an image is like another one of its group.
  public enum Kind: String, Sendable {
    /// The same size and samples.
    case exact
    /// Features that are nearly the same.
    case near
  }

  /// One image of a group.
  public struct Member: Sendable, Equatable {
    /// Its path in the directory.
    public let file: String
    /// The name of its class; nil without.
    public let label: String?
    /// The root mean square of the differences of features to the nearest image of the group; 0 where that is the same picture.
    public let distance: Double
    /// How it is like that one.
    public let kind: Kind
  }

  /// At least two images that are alike, in the order of their paths; groups are in the order of their first ones.
  public internal(set) var groups: [[Member]] = []
  /// Images that were looked at.
  public internal(set) var images = 0
  /// Images that could not be used.
  public internal(set) var skipped = 0
  /// Whether near ones were looked for.
  public internal(set) var includesNear = false

  /// Images beyond the first of each group.
  public var surplus: Int { groups.reduce(0) { $0 + $1.count - 1 } }

  /// The groups whose images have more than one label, by their number, counted from 1.
  public var conflicts: [Int] {
    groups.indices.filter { Self.labels(groups[$0]).count > 1 }.map { $0 + 1 }
  }

  /// The labels in a group, in byte order.
  public static func labels(_ group: [Member]) -> [String] {
    ExactText.distinct(group.compactMap(\.label))
  }

  /// The names of the columns.
  public static let header = ["group", "file", "label", "distance", "kind"]

  /// A row for each member: `group,file,label,distance,kind`.
  public var rows: [[String]] {
    groups.enumerated().flatMap { place, group in
      group.map {
        ["\(place + 1)", $0.file, $0.label ?? "", "\($0.distance)", $0.kind.rawValue]
      }
    }
  }

  /// The rows as a table.
  public var table: [UInt8] {
    Array(([Self.header] + rows).map(CSV.line).joined().utf8)
  }
}
