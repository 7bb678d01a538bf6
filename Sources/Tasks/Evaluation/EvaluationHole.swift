import Files
public import Images
package import Tensors

/// A way to cut holes into images whose every pixel is known.
public enum EvaluationHole: Sendable, Equatable {
  /// The same region of every image.
  case region(Region)
  /// A file for each image, or one for all.
  case masks(MaskSource, missing: Mask.Polarity)
  /// This share of every image's pixels, drawn anew for each, 0...1.
  case random(share: Double)

  /// Such as `top-half`, `masks` or `random 50%`.
  public var name: String {
    switch self {
    case .region(let region): region.description
    case .masks: "masks"
    case .random(let share): "random \(FixedPoint.text(100 * share, digits: 0))%"
    }
  }

  /// Text that is equal where the way is.
  var identity: String {
    switch self {
    case .region: "hole=\(name)"
    case .random(let share): "hole=random:\(share)"
    case .masks(let source, let polarity): "hole=\(source.identity):\(polarity.rawValue)"
    }
  }

  /// A mask of which exactly this share is missing, rounded, at least one pixel.
  package static func randomMask(
    width: Int, height: Int, share: Double, random: RandomSource
  ) -> Mask {
    let count = width * height
    let missing = min(count, max(1, Int((share * Double(count)).rounded())))
    var mask = Mask(width: width, height: height, allMissing: false)
    for pixel in random.permutation(count).prefix(missing) { mask.missing[pixel] = true }
    return mask
  }
}

extension MaskSource {
  /// Text that is equal where the source is.
  var identity: String {
    switch self {
    case .directory(let path, let suffix): "masks:\(path):\(suffix)"
    case .file(let path): "mask:\(path)"
    case .alpha: "alpha"
    case .region(let region): "\(region)"
    }
  }
}
