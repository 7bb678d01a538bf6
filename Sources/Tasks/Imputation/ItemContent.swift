import Files
import Images
import Models

/// The files of an image that is to be filled, read once: what is hashed is what is filled.
struct ItemContent {
  private let image: [UInt8]
  private let mask: [UInt8]
  /// Equal where image and mask are, byte for byte.
  let digest: String

  /// Reads the files.
  init(_ item: ImputationPlan.Item, of pairing: MaskPairing) throws(ImageError) {
    image = try ImageFile.bytes(of: pairing.folder.path(of: item.pair.entry))
    mask = try pairing.maskBytes(of: item.pair)
    let digests = [image, mask].map(SHA256.hexadecimal(of:)) + [pairing.sharedDigest]
    digest = SHA256.fingerprint(of: Array(digests.joined().utf8))
  }

  /// The image with its hole, and how its mask is drawn.
  ///
  /// - Throws: `TaskError` with the image's path where the hole cannot be filled.
  func picture(
    _ item: ImputationPlan.Item, of pairing: MaskPairing, for filler: HoleFiller
  ) throws -> (picture: HoledPicture, drawn: DrawnMask) {
    let path = pairing.folder.path(of: item.pair.entry)
    let decoded = try ImageDecoder().decode(image, path: path)
    let drawn = try pairing.drawnMask(of: item.pair, image: decoded, bytes: mask)
    if drawn.mask.missingCount > 0 {
      do {
        try filler.check(decoded)
      } catch {
        throw TaskError("\(path): \(error)")
      }
    }
    return (HoledPicture(item, decoded, drawn.mask), drawn)
  }

  /// The bytes of the image's file.
  var imageBytes: [UInt8] { image }
}
