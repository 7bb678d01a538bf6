package import Tensors

/// How much images are moved about while learning, so that a model sees more than there is.
public enum TransformStrength: String, Sendable, CaseIterable {
  /// Not at all.
  case none
  /// A few degrees, a pixel or two.
  case light
  /// Up to 25 degrees, an eighth of the image, a fifth in size.
  case strong

  /// The largest rotation in radians, logarithm of scale, shear, and shift and bend as shares of the image's side.
  private var limits: (rotation: Float, scale: Float, shear: Float, shift: Float, bend: Float) {
    switch self {
    case .none: (0, 0, 0, 0, 0)
    case .light: (0.12, 0.08, 0.1, 0.05, 0.02)
    case .strong: (0.44, 0.2, 0.35, 0.125, 0.05)
    }
  }

  /// A map drawn within the limits.
  ///
  /// Images are never mirrored: a mirrored digit or letter is another one, or none.
  ///
  /// - Parameter isElastic: whether it bends the image too.
  func warp(shape: ImageShape, _ random: RandomSource, isElastic: Bool = false) -> ImageWarp {
    let draws = random.uniforms(6).map { 2 * $0 - 1 }
    let limits = limits
    let (width, height) = (Float(shape.width), Float(shape.height))
    var warp = ImageWarp()
    warp.rotation = draws[0] * limits.rotation
    warp.scale = (1 + draws[1] * limits.scale, 1 + draws[2] * limits.scale)
    warp.shear = draws[3] * limits.shear
    warp.shift = (draws[4] * limits.shift * width, draws[5] * limits.shift * height)
    if isElastic, limits.bend > 0 {
      // From a block of draws of its own: the affine part is the same with and without.
      warp.elastic = ElasticField(
        limit: (limits.bend * width, limits.bend * height), random, from: 8)
    }
    return warp
  }
}

extension ImageBatch {
  /// The images, each warped by a map of its own.
  ///
  /// - Parameters:
  ///   - random: a stream for the batch; images take neighbouring indices' streams derived from it.
  ///   - first: the place of the first image in the whole batch, of which this may be a part.
  ///   - isElastic: whether images are bent too.
  package func warped(
    _ strength: TransformStrength, shape: ImageShape, _ random: RandomSource, first: Int = 0,
    isElastic: Bool = false
  ) -> ImageBatch {
    guard strength != .none else { return self }
    let size = shape.dimensionCount
    let warped = Tensor(shape: levels.shape) { target in
      levels.withValues { source in
        for image in 0..<count {
          let range = image * size..<(image + 1) * size
          let warp = strength.warp(
            shape: shape, random.derived(first + image), isElastic: isElastic)
          warp.apply(
            .init(rebasing: source[range]), shape: shape, into: .init(rebasing: target[range]))
        }
      }
    }
    return ImageBatch(levels: warped, labels: labels)
  }
}
