import Files
import Images

/// What tells whether two files show the same picture: a digest of size and samples in 8 bits, whatever the kind of file.
///
/// Grey that is stored as colour is grey, and alpha that hides nothing is none.
enum PictureDigest {
  /// The digest, 32 bytes.
  static func digest(of image: Image) -> [UInt8] {
    let hidesNothing = image.alpha?.pixels.allSatisfy { $0 == 255 } ?? true
    let format = PixelFormat(colour: !image.isGrey, alpha: !hidesNothing)
    let plain = (hidesNothing ? image.removingAlpha() : image).converted(to: format)
    let head = "\(plain.width) \(plain.height) \(format.rawValue)\n"
    return SHA256.digest(of: Array(head.utf8) + plain.pixels)
  }
}
