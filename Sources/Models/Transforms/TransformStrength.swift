package import Tensors

/// How much images are moved about while learning, so that a model sees more than there is.
public enum TransformStrength: String, Sendable, CaseIterable {
  /// Not at all.
  case none
  /// A few degrees, a pixel or two.
  case light
  /// Up to 25 degrees, an eighth of the image, a fifth in size.
  case strong

  /// The largest rotation in radians, logarithm of scale, shear, and shift as a share of the image's side.
  private var limits: (rotation: Float, scale: Float, shear: Float, shift: Float) {
    switch self {
    case .none: (0, 0, 0, 0)
    case .light: (0.12, 0.08, 0.1, 0.05)
    case .strong: (0.44, 0.2, 0.35, 0.125)
    }
  }

  /// A map drawn within the limits.
  func warp(shape: ImageShape, _ random: RandomSource) -> ImageWarp {
    let draws = random.uniforms(6).map { 2 * $0 - 1 }
    let limits = limits
    var warp = ImageWarp()
    warp.rotation = draws[0] * limits.rotation
    warp.scale = (1 + draws[1] * limits.scale, 1 + draws[2] * limits.scale)
    warp.shear = draws[3] * limits.shear
    warp.shift = (
      draws[4] * limits.shift * Float(shape.width), draws[5] * limits.shift * Float(shape.height)
    )
    return warp
  }
}

extension ImageBatch {
  /// The images, each warped by a map of its own.
  ///
  /// - Parameter random: a stream for the batch; images take neighbouring indices' streams derived from it.
  package func warped(_ strength: TransformStrength, shape: ImageShape, _ random: RandomSource)
    -> ImageBatch
  {
    guard strength != .none else { return self }
    let size = shape.dimensionCount
    let warped = Tensor(shape: levels.shape) { target in
      levels.withValues { source in
        for image in 0..<count {
          let range = image * size..<(image + 1) * size
          strength.warp(shape: shape, random.derived(image)).apply(
            .init(rebasing: source[range]), shape: shape, into: .init(rebasing: target[range]))
        }
      }
    }
    return ImageBatch(levels: warped, labels: labels, orders: orders)
  }
}
