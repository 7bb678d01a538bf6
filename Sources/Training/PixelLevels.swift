public import Images
public import Models

/// The one conversion between pictures and a model's levels.
public enum PixelLevels {
  /// The level of a sample: the 256 sample values shared evenly over the levels.
  @inline(__always)
  static func level(_ sample: UInt8, levels: Int) -> UInt8 {
    levels == 256 ? sample : UInt8(Int(sample) * levels / 256)
  }

  /// The sample that shows a level: black is the lowest, white the highest.
  @inline(__always)
  static func sample(_ level: Int, levels: Int) -> UInt8 {
    let even = (level * 255 + (levels - 1) / 2) / (levels - 1)
    // Evenly spread, and within the samples that become this level again.
    let lowest = (level * 256 + levels - 1) / levels
    let highest = ((level + 1) * 256 - 1) / levels
    return UInt8(max(lowest, min(highest, even)))
  }

  /// An image's levels, row by row, channels innermost.
  ///
  /// The image must have the shape's size.
  public static func levels(of image: Image, shape: ImageShape) -> [UInt8] {
    precondition(image.width == shape.width && image.height == shape.height)
    let format: PixelFormat = shape.channels == 3 ? .rgb : .grey
    let converted = image.format == format ? image : image.converted(to: format)
    return converted.pixels.map { level($0, levels: shape.levels) }
  }

  /// The picture of an image's levels.
  public static func image(_ levels: [Float], shape: ImageShape) -> Image {
    Image(
      width: shape.width, height: shape.height, format: shape.channels == 3 ? .rgb : .grey,
      bitDepth: shape.levels == 2 && shape.channels == 1 ? 1 : 8,
      pixels: levels.map { sample(Int($0), levels: shape.levels) })
  }

  /// The picture of mean levels: between the samples of the levels on either side, 8 bits.
  public static func meanImage(_ levels: [Float], shape: ImageShape) -> Image {
    let samples = (0..<shape.levels).map { Float(sample($0, levels: shape.levels)) }
    return Image(
      width: shape.width, height: shape.height, format: shape.channels == 3 ? .rgb : .grey,
      pixels: levels.map { level in
        let low = max(0, min(shape.levels - 2, Int(level)))
        let share = max(0, min(1, level - Float(low)))
        return UInt8((samples[low] + share * (samples[low + 1] - samples[low])).rounded())
      })
  }
}
