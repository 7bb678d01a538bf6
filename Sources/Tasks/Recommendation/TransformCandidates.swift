import Models

/// Which ordinary transforms are worth trying.
enum TransformCandidates {
  /// Every kind by itself, in both strengths; tones only where there are shades.
  static func single(levels: Int, copies: Int) -> [AugmentationWay] {
    ImageTransforms.Kind.allCases.filter { $0 != .tones || levels > 2 }.flatMap { kind in
      (kind == .mirror ? [TransformStrength.light] : [.light, .strong]).map { strength in
        way(ImageTransforms([kind: strength]), copies)
      }
    }
  }

  /// Several kinds together: those that help by themselves, the best of them, and what is common.
  ///
  /// - Parameter gains: what each kind gained by itself, the best first.
  static func together(
    _ gains: [(transforms: ImageTransforms, gain: Double)], copies: Int
  ) -> [AugmentationWay] {
    // Of each kind the strength that gained more.
    var best: [(transforms: ImageTransforms, gain: Double)] = []
    for candidate in gains.sorted(by: { $0.gain > $1.gain }) where candidate.gain > 0 {
      if !best.contains(where: { $0.transforms.kinds == candidate.transforms.kinds }) {
        best.append(candidate)
      }
    }
    func union(_ parts: some Sequence<ImageTransforms>) -> ImageTransforms {
      parts.reduce(ImageTransforms()) { $0.joined(with: $1) }
    }
    let helping = best.map(\.transforms)
    let (light, strong) = (ImageTransforms(moving: .light), ImageTransforms(moving: .strong))
    var tried = [2, 3, 4, helping.count].map { union(helping.prefix($0)) }
    tried += [light, strong, ImageTransforms(moving: .strong, isElastic: true)]
    if helping.contains(where: { $0.kinds == [.mirror] }) {
      let mirror = ImageTransforms([.mirror: .light])
      tried += [light.joined(with: mirror), strong.joined(with: mirror)]
    }
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
