/// Which pixels of an image are missing.
public struct Mask: Equatable, Sendable {
  /// Columns, at least 1.
  public let width: Int

  /// Rows, at least 1.
  public let height: Int

  /// Row after row from the top, `true` where the pixel is missing.
  public var missing: [Bool]

  /// A mask of these values.
  public init(width: Int, height: Int, missing: [Bool]) {
    precondition(width > 0 && height > 0, "a mask of \(width) x \(height) pixels")
    precondition(
      missing.count == width * height, "\(missing.count) values for \(width) x \(height) pixels")
    self.width = width
    self.height = height
    self.missing = missing
  }

  /// A mask with the same answer for every pixel.
  public init(width: Int, height: Int, allMissing: Bool) {
    self.init(
      width: width, height: height,
      missing: [Bool](repeating: allMissing, count: width * height))
  }

  /// A mask whose missing pixels are a region.
  ///
  /// - Throws: ``RegionError`` when the region does not lie within the image.
  public init(width: Int, height: Int, region: Region) throws(RegionError) {
    let hole = try region.rectangle(width: width, height: height)
    self.init(width: width, height: height, allMissing: false)
    for y in hole.y..<hole.y + hole.height {
      for x in hole.x..<hole.x + hole.width { missing[y * width + x] = true }
    }
  }

  /// Whether one pixel is missing.
  public subscript(x: Int, y: Int) -> Bool {
    get { missing[index(x, y)] }
    set { missing[index(x, y)] = newValue }
  }

  /// The number of missing pixels.
  public var missingCount: Int { missing.reduce(0) { $0 + ($1 ? 1 : 0) } }

  /// The share of missing pixels, 0...1.
  public var missingFraction: Double { Double(missingCount) / Double(missing.count) }

  /// The mask with missing and known exchanged.
  public var inverted: Mask { Mask(width: width, height: height, missing: missing.map { !$0 }) }

  /// The mask at another size: each new pixel takes the answer of the old pixel under its centre.
  public func resampled(width newWidth: Int, height newHeight: Int) -> Mask {
    let columns = nearestIndices(from: width, to: newWidth)
    let values = nearestIndices(from: height, to: newHeight).flatMap { y in
      columns.map { x in missing[y * width + x] }
    }
    return Mask(width: newWidth, height: newHeight, missing: values)
  }

  private func index(_ x: Int, _ y: Int) -> Int {
    precondition(x >= 0 && x < width && y >= 0 && y < height, "no pixel \(x), \(y)")
    return y * width + x
  }
}
