/// A picture in memory: 8-bit samples, row after row from the top, the channels of a pixel side by
/// side.
///
/// The sample of channel `c` at column `x` and row `y` is `pixels[(y * width + x) * channels + c]`.
public struct Image: Sendable {
  /// Columns, at least 1.
  public let width: Int

  /// Rows, at least 1.
  public let height: Int

  /// What the samples mean.
  public let format: PixelFormat

  /// Bits of a sample in the file that the image came from: 1, 2, 4, 8 or 16.
  ///
  /// Samples here are always scaled to 0...255; a depth of 1 tells that they can only be 0 or
  /// 255 (or the two colours of a palette).
  public let bitDepth: Int

  /// The samples, `width * height * format.channels` of them.
  public internal(set) var pixels: [UInt8]

  /// An image of these samples.
  public init(width: Int, height: Int, format: PixelFormat, bitDepth: Int = 8, pixels: [UInt8]) {
    precondition(width > 0 && height > 0, "an image of \(width) x \(height) pixels")
    precondition(
      pixels.count == width * height * format.channels,
      "\(pixels.count) samples for \(width) x \(height) pixels of \(format.channels) channels")
    self.width = width
    self.height = height
    self.format = format
    self.bitDepth = bitDepth
    self.pixels = pixels
  }

  /// An image of one colour, given sample by sample.
  public init(width: Int, height: Int, format: PixelFormat, filledWith colour: [UInt8]) {
    precondition(colour.count == format.channels, "\(colour.count) samples for \(format)")
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * colour.count)
    for _ in 0..<width * height { pixels.append(contentsOf: colour) }
    self.init(width: width, height: height, format: format, pixels: pixels)
  }

  /// Samples a pixel: 1 to 4.
  public var channels: Int { format.channels }

  /// One sample.
  public subscript(x: Int, y: Int, channel: Int = 0) -> UInt8 {
    get { pixels[offset(x, y) + channel] }
    set { pixels[offset(x, y) + channel] = newValue }
  }

  /// Where a pixel's samples begin in ``pixels``.
  @inline(__always)
  func offset(_ x: Int, _ y: Int) -> Int {
    precondition(x >= 0 && x < width && y >= 0 && y < height, "no pixel \(x), \(y)")
    return (y * width + x) * format.channels
  }
}

extension Image: Equatable {
  /// Whether two images show the same: size, format and samples; where they came from does not
  /// count.
  public static func == (left: Image, right: Image) -> Bool {
    left.width == right.width && left.height == right.height && left.format == right.format
      && left.pixels == right.pixels
  }

  /// The largest difference between samples of two images of the same size and format, 0...255.
  public func largestDifference(to other: Image) -> Int {
    precondition(
      width == other.width && height == other.height && format == other.format,
      "images of different shapes have no difference")
    return zip(pixels, other.pixels).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
  }
}
