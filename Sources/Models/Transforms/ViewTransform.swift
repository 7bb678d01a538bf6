import Platform
package import Tensors

/// How views of an image are made: what is drawn for each, and within which limits.
///
/// The image is turned, scaled, sheared, shifted and bent (a larger scale shows a part of it), its tones are changed, and a
/// rectangle is painted over in half of the views (Chen et al. 2020, A Simple Framework for Contrastive Learning of Visual
/// Representations, section 3; DeVries and Taylor 2017, Improved Regularization of Convolutional Neural Networks with Cutout,
/// section 3.2).
package struct ViewTransform: Sendable {
  /// The part of the limits below that is used, 1 for all: none moves what is in the image beyond recognition.
  package var strength: Float = 1
  /// How much tones change; see ``ToneChange``.
  package var tones: Float = 1
  /// The longest side of the rectangle that is painted over, as a share of the image's.
  package var cutout: Float = 0.4
  /// The share of views that are mirrored from left to right: a mirrored digit is another one, or none.
  package var mirrored: Float = 0

  /// A transform of these limits.
  package init(
    strength: Float = 1, tones: Float = 1, cutout: Float = 0.4, mirrored: Float = 0
  ) {
    self.strength = strength
    self.tones = tones
    self.cutout = cutout
    self.mirrored = mirrored
  }

  /// The largest rotation in radians, logarithms of scale and of width over height, shear, and shift and bend as shares of the side.
  private static let limits = (
    rotation: Float(0.3), shrinking: Float(0.2), growth: Float(0.4), aspect: Float(0.15),
    shear: Float(0.2), shift: Float(0.1), bend: Float(0.04)
  )

  /// Numbers that a view has of its image's stream, and the places of those for bending, tones and the rectangle among them.
  private enum Draws {
    static let perView = 128
    static let bend = 32
    static let tones = 8
    static let cutout = 16
  }

  /// One view of each image, float32 `[images, height, width, channels]`, scaled to -1...1.
  ///
  /// - Parameters:
  ///   - sources: where each image's random numbers come from.
  ///   - number: which view it is: others have other numbers.
  package func views(
    of batch: ImageBatch, shape: ImageShape, _ sources: [RandomSource], number: Int
  ) -> Tensor {
    let size = shape.dimensionCount
    let scaling = LevelScaling(levels: shape.levels)
    return Tensor(shape: batch.levels.shape) { target in
      batch.levels.withValues { source in
        for image in 0..<batch.count {
          let range = image * size..<(image + 1) * size
          let view = UnsafeMutableBufferPointer(rebasing: target[range])
          let first = number * Draws.perView
          let draws = sources[image].uniforms(Draws.bend, from: first)
          warp(shape, draws, sources[image], from: first)
            .apply(.init(rebasing: source[range]), shape: shape, into: view)
          for place in view.indices { view[place] = scaling(view[place]) }
          // Of two levels there are no other tones.
          if shape.levels > 2, tones > 0 {
            ToneChange(strength: tones, channels: shape.channels, draws[Draws.tones...])
              .apply(to: view)
          }
          CutOut(largest: cutout, shape, draws[Draws.cutout...])?.apply(to: view, shape)
        }
      }
    }
  }

  private func warp(
    _ shape: ImageShape, _ draws: [Float], _ random: RandomSource, from first: Int
  ) -> ImageWarp {
    let (width, height) = (Float(shape.width), Float(shape.height))
    let limits = Self.limits
    func either(_ draw: Int, _ limit: Float) -> Float { (2 * draws[draw] - 1) * limit * strength }
    var warp = ImageWarp()
    warp.rotation = either(0, limits.rotation)
    let growth = (limits.growth + limits.shrinking) * draws[1] - limits.shrinking
    let (scale, aspect) = (expf(strength * growth), expf(either(2, limits.aspect)))
    warp.scale = (scale * aspect * (draws[6] < mirrored ? -1 : 1), scale / aspect)
    warp.shear = either(3, limits.shear)
    // Any part of an enlarged image may be the one that is seen.
    let room = limits.shift * strength + max(0, scale - 1) / 2
    warp.shift = ((2 * draws[4] - 1) * room * width, (2 * draws[5] - 1) * room * height)
    let bend = limits.bend * strength
    if bend > 0 {
      warp.elastic = ElasticField(
        limit: (bend * width, bend * height), random, from: first + Draws.bend)
    }
    return warp
  }
}
