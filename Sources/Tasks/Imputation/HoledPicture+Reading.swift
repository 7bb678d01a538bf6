package import Images
import Models

extension HoledPicture {
  /// Reads the image and mask of a plan.
  init(_ item: ImputationPlan.Item, of pairing: MaskPairing) throws {
    let image = try ImageFile.read(pairing.folder.path(of: item.pair.entry))
    self.init(item, image, try pairing.mask(of: item.pair, image: image))
  }

  /// The image and mask of a plan, as they were read.
  init(_ item: ImputationPlan.Item, _ image: Image, _ mask: Mask) {
    self.init(
      image, mask, label: item.label, identity: PictureIdentity(item.relativePath))
  }
}

extension Image {
  /// The format to write the image in: a 1-bit image whose pixels are black and white stays one.
  package func encoding(_ wanted: ImageEncoder.Format) -> ImageEncoder.Format {
    guard wanted == .png, bitDepth == 1, format == .grey,
      pixels.allSatisfy({ $0 == 0 || $0 == 255 })
    else { return wanted }
    return .bilevelPNG
  }
}
