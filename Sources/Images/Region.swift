/// A part of an image given in words, for holes of a common shape.
///
/// Halves of an odd side meet without gap or overlap: the upper and left half have the smaller
/// share.
public enum Region: Equatable, Hashable, Sendable {
  /// The upper half of the rows.
  case topHalf
  /// The lower half of the rows.
  case bottomHalf
  /// The left half of the columns.
  case leftHalf
  /// The right half of the columns.
  case rightHalf
  /// The middle: a quarter of each side is left free at each edge.
  case center
  /// A block of pixels.
  case rectangle(Rectangle)

  /// The words that stand for the fixed regions.
  public static let names: [(name: String, region: Region)] = [
    ("top-half", .topHalf), ("bottom-half", .bottomHalf), ("left-half", .leftHalf),
    ("right-half", .rightHalf), ("center", .center),
  ]

  /// Reads `top-half`, `bottom-half`, `left-half`, `right-half`, `center` or `X,Y,WIDTH,HEIGHT`.
  ///
  /// - Throws: ``RegionError`` for any other text.
  public init(parsing text: String) throws(RegionError) {
    if let known = Self.names.first(where: { $0.name == text }) {
      self = known.region
      return
    }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 4, let x = parts[0], let y = parts[1], let width = parts[2],
      let height = parts[3], x >= 0, y >= 0, width > 0, height > 0
    else { throw .notUnderstood(text) }
    self = .rectangle(Rectangle(x: x, y: y, width: width, height: height))
  }

  /// The pixels of the region in an image of this size; halves of a side of one pixel may be empty.
  ///
  /// - Throws: ``RegionError`` when a rectangle does not lie within the image.
  public func rectangle(width: Int, height: Int) throws(RegionError) -> Rectangle {
    switch self {
    case .topHalf: return Rectangle(x: 0, y: 0, width: width, height: height / 2)
    case .bottomHalf:
      return Rectangle(x: 0, y: height / 2, width: width, height: height - height / 2)
    case .leftHalf: return Rectangle(x: 0, y: 0, width: width / 2, height: height)
    case .rightHalf:
      return Rectangle(x: width / 2, y: 0, width: width - width / 2, height: height)
    case .center:
      let (left, top) = (width / 4, height / 4)
      return Rectangle(x: left, y: top, width: width - 2 * left, height: height - 2 * top)
    case .rectangle(let rectangle):
      guard rectangle.fits(width: width, height: height) else {
        throw .outside(rectangle, width: width, height: height)
      }
      return rectangle
    }
  }
}

extension Region: CustomStringConvertible {
  /// The text that ``init(parsing:)`` reads.
  public var description: String {
    if case .rectangle(let rectangle) = self { return rectangle.description }
    return Self.names.first { $0.region == self }?.name ?? ""
  }
}

/// A region that makes no sense.
public enum RegionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A text that names no region.
  case notUnderstood(String)
  /// A rectangle that does not lie within the image of this size.
  case outside(Rectangle, width: Int, height: Int)

  /// One line: what is wrong and what is possible.
  public var description: String {
    switch self {
    case .notUnderstood(let text):
      "'\(text)' is no region; use top-half, bottom-half, left-half, right-half, center or "
        + "X,Y,WIDTH,HEIGHT in pixels"
    case .outside(let rectangle, let width, let height):
      "the region \(rectangle) does not lie within an image of \(width) x \(height) pixels; "
        + "choose 0 <= X, X + WIDTH <= \(width), 0 <= Y, Y + HEIGHT <= \(height)"
    }
  }
}
