public import Images
import Models
import Training

/// An image with a hole, in memory.
public struct HoledPicture: Sendable {
  /// The image.
  public let image: Image
  /// Which of its pixels are missing.
  public let mask: Mask
  /// The place of its class in the model; nil where it is not known.
  public let label: Int?
  /// What decides its random numbers.
  public let identity: PictureIdentity

  /// A picture; the mask is of the image's size.
  public init(_ image: Image, _ mask: Mask, label: Int?, identity: PictureIdentity) {
    precondition(image.width == mask.width && image.height == mask.height)
    self.image = image
    self.mask = mask
    self.label = label
    self.identity = identity
  }

  /// The levels of all pixels, as a model sees them.
  func levels(for shape: ImageShape) -> [Float] {
    PixelLevels.levels(of: image, shape: self.shape(for: shape)).map(Float.init)
  }

  /// The image's own size with a model's channels and levels.
  private func shape(for shape: ImageShape) -> ImageShape {
    ImageShape(
      height: image.height, width: image.width, channels: shape.channels, levels: shape.levels)
  }

  /// The image with its missing pixels taken from a model's levels and every other sample as it
  /// was.
  ///
  /// The format stays: a grey image gets grey pixels, a coloured one coloured; filled pixels are
  /// opaque.
  func filled(with levels: [Float], shape: ImageShape) -> Image {
    let drawn = PixelLevels.image(levels, shape: self.shape(for: shape))
      .converted(to: image.format)
    return replacingMissing { drawn.pixels[$0] }
  }

  /// The image with its missing pixels as bright as the mean of a model's levels, of any fraction.
  func filled(withMean levels: [Float], shape: ImageShape) -> Image {
    let shown = PixelLevels.meanImage(levels, shape: self.shape(for: shape))
      .converted(to: image.format)
    return replacingMissing { shown.pixels[$0] }
  }

  /// The image with its missing pixels taken from the average of several fillings.
  func averaged(_ fillings: [Image]) -> Image {
    replacingMissing { place in
      let sum = fillings.reduce(0) { $0 + Int($1.pixels[place]) }
      return UInt8((sum + fillings.count / 2) / fillings.count)
    }
  }

  private func replacingMissing(_ sample: (Int) -> UInt8) -> Image {
    var pixels = image.pixels
    for (pixel, isMissing) in mask.missing.enumerated() where isMissing {
      for place in pixel * image.channels..<(pixel + 1) * image.channels {
        pixels[place] = sample(place)
      }
    }
    return Image(
      width: image.width, height: image.height, format: image.format, bitDepth: image.bitDepth,
      pixels: pixels)
  }
}
