/// What every image of a data set, and so of a model, has in common.
public struct ImageShape: Hashable, Sendable, CustomStringConvertible {
  /// Rows of pixels.
  public let height: Int
  /// Pixels in a row.
  public let width: Int
  /// 1 (grey) or 3 (RGB).
  public let channels: Int
  /// Values that a channel can take, 2 to 256.
  public let levels: Int

  /// A shape with these sizes.
  public init(height: Int, width: Int, channels: Int, levels: Int) {
    precondition(height > 0 && width > 0 && (channels == 1 || channels == 3))
    precondition((2...256).contains(levels))
    self.height = height
    self.width = width
    self.channels = channels
    self.levels = levels
  }

  /// Pixels of an image.
  public var pixelCount: Int { height * width }
  /// Values of an image, all channels counted.
  public var dimensionCount: Int { pixelCount * channels }

  /// The same images with another number of levels.
  public func with(levels: Int) -> ImageShape {
    ImageShape(height: height, width: width, channels: channels, levels: levels)
  }

  /// Such as `28x28 grey, 2 levels`.
  public var description: String {
    "\(width)x\(height) \(channels == 1 ? "grey" : "RGB"), \(levels) levels"
  }
}
