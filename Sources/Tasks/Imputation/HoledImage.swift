import Images
import Models
import Tensors
import Training

/// An image with its hole, as read from its files.
struct HoledImage {
  let path: String
  let image: Image
  let mask: Mask

  /// Reads the image and its mask.
  init(_ item: ImputationPlan.Item, of pairing: MaskPairing) throws {
    path = pairing.folder.path(of: item.pair.entry)
    image = try ImageFile.read(path)
    mask = try pairing.mask(of: item.pair, image: image)
  }

  /// Makes sure that a model can complete the image: at once where it is of the model's size, through windows of that size
  /// where it is larger.
  func check(fits shape: ImageShape) throws {
    guard image.width >= shape.width, image.height >= shape.height else {
      throw TaskError(
        "\(path): is \(image.width)x\(image.height), smaller than the \(shape.width)x"
          + "\(shape.height) of the model; enlarge the image, or train a model of its size")
    }
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

  /// The random numbers of a sample: they depend on the seed, the relative path and the sample alone.
  static func random(_ path: String, sample: Int, seed: UInt64) -> RandomSource {
    RandomSource(seed: seed, purpose: .sampling, index: stream(path, sample: sample))
  }

  /// A number for an image's path and a sample: no image's numbers depend on its
  /// company.
  static func stream(_ path: String, sample: Int) -> UInt64 {
    var hash = StableHash()
    hash.take(path)
    withUnsafeBytes(of: UInt64(sample).littleEndian) { hash.take($0) }
    return hash.value
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

extension Image {
  /// The format to write the image in: a 1-bit image whose pixels are black and white stays one.
  func encoding(_ wanted: ImageEncoder.Format) -> ImageEncoder.Format {
    guard wanted == .png, bitDepth == 1, format == .grey,
      pixels.allSatisfy({ $0 == 0 || $0 == 255 })
    else { return wanted }
    return .bilevelPNG
  }
}
