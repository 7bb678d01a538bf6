import Models

/// Which ordinary transforms are worth trying.
enum TransformCandidates {
  /// What is common: movements, light and strong, with what else often helps.
  static func common(levels: Int, copies: Int) -> [AugmentationWay] {
    let (light, strong) = (ImageTransforms(moving: .light), ImageTransforms(moving: .strong))
    let mirror = ImageTransforms([.mirror: .light])
    var tried = [
      mirror, light, strong, light.joined(with: mirror), strong.joined(with: mirror),
      ImageTransforms(moving: .strong, isElastic: true),
      light.joined(with: .init([.erase: .light])),
    ]
    if levels > 2 { tried.append(light.joined(with: mirror).joined(with: .init([.tones: .light]))) }
    return tried.map { way($0, copies) }
  }

  /// Every kind by itself; tones only where there are shades.
  static func single(levels: Int, copies: Int) -> [AugmentationWay] {
    ImageTransforms.Kind.allCases.filter { $0 != .tones || levels > 2 }.map {
      way(ImageTransforms([$0: .light]), copies)
    }
  }

  /// Several kinds together: those that help by themselves, and the best of them.
  ///
  /// - Parameter gains: what each kind gained by itself.
  static func together(
    _ gains: [(transforms: ImageTransforms, gain: Double)], copies: Int
  ) -> [AugmentationWay] {
    func union(_ parts: some Sequence<ImageTransforms>) -> ImageTransforms {
      parts.reduce(ImageTransforms()) { $0.joined(with: $1) }
    }
    let helping = gains.filter { $0.gain > 0 }.sorted { $0.gain > $1.gain }.map(\.transforms)
    let tried = [2, 3, 4, helping.count].map { union(helping.prefix($0)) }
    return distinct(tried.filter { $0.kinds.count > 1 }.map { way($0, copies) })
  }

  /// A way with one kind more, one less, or one in its other strength.
  static func neighbours(
    of transforms: ImageTransforms, levels: Int, copies: Int
  ) -> [AugmentationWay] {
    let kinds = ImageTransforms.Kind.allCases.filter { $0 != .tones || levels > 2 }
    return kinds.compactMap { kind -> AugmentationWay? in
      let present = transforms[kind]
      // Off, light, strong: the next step up, or off where it is at its strongest.
      let next: TransformStrength =
        present == .none ? .light : present == .light && kind != .mirror ? .strong : .none
      let changed = transforms.with(kind, next)
      return changed.isEmpty ? nil : way(changed, copies)
    }
  }

  private static func way(_ transforms: ImageTransforms, _ copies: Int) -> AugmentationWay {
    AugmentationWay(transformed: TransformedCopies(perOriginal: copies, transforms: transforms))
  }

  /// Each way once.
  static func distinct(_ ways: [AugmentationWay]) -> [AugmentationWay] {
    ways.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
