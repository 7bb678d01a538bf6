/// A mask that cannot serve its image.
public enum MaskError: Error, Sendable, CustomStringConvertible {
  /// The mask is not of the image's size; sizes are width, then height.
  case sizeMismatch(mask: String, maskSize: (Int, Int), image: String, imageSize: (Int, Int))
  /// No mask pairs with this image; the path that was looked for, without extension.
  case missingMask(image: String, expected: String)
  /// Two masks pair with the same image.
  case ambiguousMask(image: String, masks: [String])
  /// The mask shall come from the alpha channel, and the image has none.
  case withoutAlpha(image: String)
  /// The region does not lie within the image.
  case region(image: String, RegionError)
  /// All images of a directory serve as masks, too; how many there are, and the masks' place.
  case masksAlone(images: String, count: Int, masks: String)

  /// One line: the image, what is wrong and what to do.
  public var description: String {
    switch self {
    case .sizeMismatch(let mask, let maskSize, let image, let imageSize):
      "\(image): is \(imageSize.0) x \(imageSize.1) pixels, but its mask \(mask) is "
        + "\(maskSize.0) x \(maskSize.1); give a mask of the image's size"
    case .missingMask(let image, let expected):
      "\(image): has no mask; expected \(expected).png, .jpg or .jpeg"
    case .ambiguousMask(let image, let masks):
      "\(image): has more than one mask (\(masks.joined(separator: ", "))); keep one"
    case .withoutAlpha(let image):
      "\(image): has no alpha channel to take the mask from; give masks or a region"
    case .region(let image, let error):
      "\(image): \(error)"
    case .masksAlone(let images, let count, let masks):
      "\(images): \(count == 1 ? "its only image serves" : "all its \(count) images serve") as "
        + "masks (\(masks)); give masks of their own, or --mask-suffix where names tell them apart"
    }
  }

  /// The image, or the directory of images, that is without a usable mask.
  public var image: String {
    switch self {
    case .sizeMismatch(_, _, let image, _), .missingMask(let image, _),
      .ambiguousMask(let image, _), .withoutAlpha(let image), .region(let image, _),
      .masksAlone(let image, _, _):
      image
    }
  }
}
