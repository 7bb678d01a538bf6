/// A block of pixels: its left and top edges and its size, in pixels.
public struct Rectangle: Equatable, Hashable, Sendable, CustomStringConvertible {
  /// The first column.
  public var x: Int

  /// The first row.
  public var y: Int

  /// The number of columns.
  public var width: Int

  /// The number of rows.
  public var height: Int

  /// A block of pixels.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// `X,Y,WIDTH,HEIGHT`, as on the command line.
  public var description: String { "\(x),\(y),\(width),\(height)" }

  /// Whether the block holds a pixel and lies within an image of this size.
  public func fits(width: Int, height: Int) -> Bool {
    // Subtractions, because sums of hostile numbers overflow.
    x >= 0 && y >= 0 && self.width > 0 && self.height > 0 && x < width && y < height
      && self.width <= width - x && self.height <= height - y
  }
}
