import Images

/// An image of a data set as it was read: brought to size, and what its samples say about how it should be seen.
struct ReadImage: Sendable {
  /// What becomes of an image's size.
  enum Fit: Sendable {
    /// It stays.
    case asStored
    /// It becomes this one.
    case resampled(width: Int, height: Int)
    /// It stays; of an image of another size no pixels are kept.
    case only(Size)
  }

  /// Columns and rows.
  struct Size: Equatable, Sendable, CustomStringConvertible {
    let width: Int
    let height: Int

    var description: String { "\(width)x\(height)" }
  }

  /// The size in the file.
  let storedSize: Size
  /// The image at its new size; nil where its own was not wanted.
  let pixels: Image?
  /// Whether every pixel is a level of grey, however the file stores it.
  let isGrey: Bool
  /// Whether every sample is 0 or 255, however the file stores it.
  let isTwoValued: Bool
  /// The highest sample, 0...255.
  let highest: UInt8

  /// An image, looked at before it is resampled.
  init(_ image: Image, _ fit: Fit) {
    storedSize = Size(width: image.width, height: image.height)
    isGrey = image.isGrey
    let opaque = image.format.hasAlpha ? image.composited(over: 255) : image
    isTwoValued = opaque.pixels.allSatisfy { $0 == 0 || $0 == 255 }
    highest = opaque.pixels.max() ?? 0
    switch fit {
    case .asStored: pixels = image
    case .only(let size): pixels = storedSize == size ? image : nil
    case .resampled(let width, let height):
      let fits = image.width == width && image.height == height
      pixels = fits ? image : image.resampled(width: width, height: height)
    }
  }
}
