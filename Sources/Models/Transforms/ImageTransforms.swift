package import Tensors

/// Ordinary transforms of images that keep their labels: which kinds, and how much of each.
///
/// Of each kind an amount is drawn anew for every image, evenly within its limits. What keeps a label depends on the data: a mirrored
/// photograph is as good as the first, a mirrored digit another one, or none. Nothing here is on by itself.
public struct ImageTransforms: Sendable, Equatable {
  /// One kind of transform.
  public enum Kind: String, Sendable, CaseIterable {
    /// The image is moved across and down.
    case shift
    /// It is turned about its middle.
    case rotation
    /// It is enlarged or made smaller, across and down apart.
    case scale
    /// Its rows are moved across, the more the further down.
    case shear
    /// It is bent smoothly.
    case elastic
    /// It is lighter, darker, of more or less contrast, colours stronger or weaker (``ToneChange``); one of two levels stays.
    case tones
    /// Every other image is mirrored from left to right.
    case mirror
    /// A rectangle of every other image is painted over with its mean colour (``CutOut``).
    case erase

    /// The kinds that move what is in an image.
    public static let movements: [Kind] = [.shift, .rotation, .scale, .shear]
  }

  private var strengths: [Kind: TransformStrength]

  /// These kinds, each as strong as it says.
  public init(_ strengths: [Kind: TransformStrength] = [:]) {
    self.strengths = strengths.filter { $0.value != .none }
  }

  /// What moves an image as much as this, and bends it too or does not.
  public init(moving strength: TransformStrength, isElastic: Bool = false) {
    let kinds = Kind.movements + (isElastic ? [.elastic] : [])
    self.init(Dictionary(uniqueKeysWithValues: kinds.map { ($0, strength) }))
  }

  /// How strong a kind is.
  public subscript(kind: Kind) -> TransformStrength { strengths[kind] ?? .none }

  /// Whether images stay as they are.
  public var isEmpty: Bool { strengths.isEmpty }

  /// The kinds that change something, in the order of all kinds.
  public var kinds: [Kind] { Kind.allCases.filter { self[$0] != .none } }

  /// All kinds of both, each as strong as the stronger one.
  public func joined(with other: ImageTransforms) -> ImageTransforms {
    ImageTransforms(strengths.merging(other.strengths) { $0 == .strong ? $0 : $1 })
  }

  /// The same with another strength of one kind.
  public func with(_ kind: Kind, _ strength: TransformStrength) -> ImageTransforms {
    var changed = strengths
    changed[kind] = strength
    return ImageTransforms(changed)
  }

  /// The numbers that an image's transform takes of its stream: the first ones for moving, then those of the other kinds.
  private enum Draws {
    static let elastic = 8
    static let tones = 40..<48
    static let mirror = 48
    static let erase = 49..<54
  }

  /// How an image is moved, drawn within the limits.
  func warp(shape: ImageShape, _ random: RandomSource) -> ImageWarp {
    let draws = random.uniforms(6).map { 2 * $0 - 1 }
    let (width, height) = (Float(shape.width), Float(shape.height))
    var warp = ImageWarp()
    warp.rotation = draws[0] * self[.rotation].limits.rotation
    let scale = self[.scale].limits.scale
    warp.scale = (1 + draws[1] * scale, 1 + draws[2] * scale)
    warp.shear = draws[3] * self[.shear].limits.shear
    let shift = self[.shift].limits.shift
    warp.shift = (draws[4] * shift * width, draws[5] * shift * height)
    let bend = self[.elastic].limits.bend
    if bend > 0 {
      // From a block of draws of its own: the affine part is the same with and without.
      warp.elastic = ElasticField(
        limit: (bend * width, bend * height), random, from: Draws.elastic)
    }
    if self[.mirror] != .none, random.uniform(Draws.mirror) < 0.5 { warp.scale.across *= -1 }
    return warp
  }

  /// Changes an image's tones and paints over a part of it; levels stay levels.
  private func paint(
    _ image: UnsafeMutableBufferPointer<Float>, shape: ImageShape, _ random: RandomSource
  ) {
    // Of two levels there are no other tones.
    let tones = shape.levels > 2 ? self[.tones].limits.tones : 0
    let erased = self[.erase].limits.erased
    guard tones > 0 || erased > 0 else { return }
    let scaling = LevelScaling(levels: shape.levels)
    for place in image.indices { image[place] = scaling(image[place]) }
    if tones > 0 {
      let draws = random.uniforms(Draws.tones.count, from: Draws.tones.lowerBound)
      ToneChange(strength: tones, channels: shape.channels, draws[...]).apply(to: image)
    }
    if erased > 0 {
      let draws = random.uniforms(Draws.erase.count, from: Draws.erase.lowerBound)
      CutOut(largest: erased, shape, draws[...])?.apply(to: image, shape)
    }
    for place in image.indices { image[place] = scaling.level(of: image[place]) }
  }

  /// Whether images are moved at all.
  private var moves: Bool {
    kinds.contains { $0 != .tones && $0 != .erase }
  }

  /// Transforms one image of a batch.
  fileprivate func apply(
    _ source: UnsafeBufferPointer<Float>, shape: ImageShape,
    into target: UnsafeMutableBufferPointer<Float>, _ random: RandomSource
  ) {
    if moves {
      warp(shape: shape, random).apply(source, shape: shape, into: target)
    } else {
      for place in source.indices { target[place] = source[place] }
    }
    paint(target, shape: shape, random)
  }
}

extension ImageBatch {
  /// The images, each transformed by amounts of its own.
  ///
  /// - Parameters:
  ///   - random: a stream for the batch; images take neighbouring indices' streams derived from it.
  ///   - first: the place of the first image in the whole batch, of which this may be a part.
  package func transformed(
    _ transforms: ImageTransforms, shape: ImageShape, _ random: RandomSource, first: Int = 0
  ) -> ImageBatch {
    transformed(transforms, shape: shape, (0..<count).map { random.derived(first + $0) })
  }

  /// The images, each transformed by amounts that are drawn from a stream of its own.
  package func transformed(
    _ transforms: ImageTransforms, shape: ImageShape, _ sources: [RandomSource]
  ) -> ImageBatch {
    guard !transforms.isEmpty else { return self }
    precondition(sources.count == count, "a stream for each image")
    let size = shape.dimensionCount
    let changed = Tensor(shape: levels.shape) { target in
      levels.withValues { source in
        for image in 0..<count {
          let range = image * size..<(image + 1) * size
          transforms.apply(
            .init(rebasing: source[range]), shape: shape, into: .init(rebasing: target[range]),
            sources[image])
        }
      }
    }
    return ImageBatch(levels: changed, labels: labels)
  }

  /// The images, each moved by a map of its own, and bent too or not; see ``transformed(_:shape:_:first:)``.
  package func warped(
    _ strength: TransformStrength, shape: ImageShape, _ random: RandomSource, first: Int = 0,
    isElastic: Bool = false
  ) -> ImageBatch {
    transformed(
      ImageTransforms(moving: strength, isElastic: isElastic), shape: shape, random, first: first)
  }
}
