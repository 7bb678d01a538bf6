import Images
import Models

extension HoledPicture {
  /// Reads the image and mask of a plan.
  init(_ item: ImputationPlan.Item, of pairing: MaskPairing) throws {
    let image = try ImageFile.read(pairing.folder.path(of: item.pair.entry))
    self.init(
      image, try pairing.mask(of: item.pair, image: image), label: item.label,
      identity: PictureIdentity(item.relativePath))
  }

  /// Reads the image and mask of a plan, and makes sure that its hole, if it has one, can be filled.
  ///
  /// - Throws: `TaskError` with the image's path where it cannot.
  init(_ item: ImputationPlan.Item, of pairing: MaskPairing, for filler: HoleFiller) throws {
    try self.init(item, of: pairing)
    guard mask.missingCount > 0 else { return }
    do {
      try filler.check(image)
    } catch {
      throw TaskError("\(pairing.folder.path(of: item.pair.entry)): \(error)")
    }
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
