import Layers
import Models
import Platform
import Tensors
import TestSupport
import Testing

/// Losses of adversarial networks, by themselves.
@Suite struct AdversarialLossTests {
  @Test func valuesAndGradientsArePyTorchs() throws {
    let references = try ReferenceArrays()
    let minimax = AdversarialLoss(kind: .minimax)
    let squares = AdversarialLoss(
      kind: .leastSquares, drawnTarget: -0.8, realTarget: 0.9, wantedTarget: 0.3)
    for (name, loss) in [("minimax", minimax), ("least-squares", squares)] {
      #expect(
        try references.differences("adversarial/\(name)/discriminator", ["real", "drawn"]) {
          loss.ofDiscriminator(real: $0[0], drawn: $0[1]).reshaped(to: [1])
        } == [])
    }
    let kinds = [
      ("minimax", minimax), ("non-saturating", AdversarialLoss(kind: .nonSaturating)),
      ("least-squares", squares),
    ]
    for (name, loss) in kinds {
      #expect(
        try references.differences("adversarial/\(name)/generator", ["drawn"]) {
          loss.ofGenerator($0[0]).reshaped(to: [1])
        } == [])
    }
  }

  /// Between two Gaussians the best discriminator takes a point for real with probability p / (p + q); that of least squares says
  /// (b p + a q) / (p + q).
  @Test(arguments: AdversarialLoss.Kind.allCases)
  func theBestDiscriminatorKnowsTheShares(_ kind: AdversarialLoss.Kind) {
    let loss = AdversarialLoss(kind: kind, drawnTarget: -1, realTarget: 1, wantedTarget: 0)
    let store = ParameterStore(seed: 1)
    let (first, second) = (
      Linear(store.root / "first", 1, 32, gain: 2), Linear(store.root / "second", 32, 1)
    )
    func values(_ points: Tensor) -> Tensor { second(first(points).silu()) }
    let optimizer = Adam(store.parameters)
    let random = RandomSource(seed: 4, purpose: .testing)
    // The same quantiles of both each time, moved by a little: points without the spread of draws.
    let (centres, deviations): ([Float], [Float]) = ([-0.5, 0.7], [0.9, 0.6])
    for step in 0..<1500 {
      let noise = random.at(step).normal([1024, 1])
      let (_, gradients) = valueAndGradients(of: store.parameters.map(\.value)) {
        loss.ofDiscriminator(
          real: values(noise * deviations[0] + centres[0]),
          drawn: values(noise * -deviations[1] + centres[1]))
      }
      optimizer.update(
        GradientSum(gradients), learningRate: 0.02 * (1 - Float(step) / 1500))
    }
    let points: [Float] = [-1.2, -0.6, 0, 0.4, 0.8, 1.2]
    let found = values(Tensor(points, shape: [points.count, 1])).values
    for (point, value) in zip(points, found) {
      let densities = zip(centres, deviations).map { centre, deviation in
        expf(-0.5 * powf((point - centre) / deviation, 2)) / deviation
      }
      let share = densities[0] / (densities[0] + densities[1])
      let told = kind == .leastSquares ? (value + 1) / 2 : 1 / (1 + expf(-value))
      #expect(abs(told - share) < 0.02, "at \(point): \(told), and not \(share)")
    }
  }
}

/// Changes of images through which gradients flow.
@Suite struct DifferentiableAugmentationTests {
  private static let sources = (0..<6).map { RandomSource(seed: 8, purpose: .testing).at($0) }
  private static let images = Tensor(
    RandomSource(seed: 9, purpose: .testing).uniforms(1440), shape: [6, 8, 10, 3])

  /// Moved and with a hole: what is left of an image is its own pixels.
  @Test func geometryMovesPixels() {
    let augmentation = DifferentiableAugmentation(policy: .geometry)
    let changed = augmentation(Self.images, Self.sources).values
    let (own, size) = (Self.images.values, 240)
    #expect(changed != own)
    for image in 0..<6 {
      let known = Set(own[image * size..<(image + 1) * size])
      let shown = changed[image * size..<(image + 1) * size]
      #expect(shown.allSatisfy { $0 == 0 || known.contains($0) })
      let share = Double(shown.count { $0 != 0 }) / Double(size)
      #expect(share > 0.4 && share < 1)
    }
    #expect(DifferentiableAugmentation(policy: .none)(Self.images, Self.sources).values == own)
  }

  /// The same numbers change an image in the same way, whatever stands beside it.
  @Test func imagesAreChangedAlone() {
    let augmentation = DifferentiableAugmentation(policy: .full)
    let all = augmentation(Self.images, Self.sources).values
    let alone = augmentation(Self.images.sliced(2..<3, axis: 0), [Self.sources[2]]).values
    #expect(alone == Array(all[480..<720]))
  }

  @Test(arguments: AugmentationPolicy.allCases)
  func gradientsAreSlopes(_ policy: AugmentationPolicy) {
    let augmentation = DifferentiableAugmentation(policy: policy)
    let weights = RandomSource(seed: 10, purpose: .testing).normal(Self.images.shape)
    func value(_ images: Tensor) -> Tensor {
      (augmentation(images, Self.sources).squared() * weights).sum()
    }
    let variable = Self.images.variable
    let (_, gradients) = valueAndGradients(of: [variable]) { value(variable) }
    guard let gradient = gradients[0] else {
      Issue.record("no gradient")
      return
    }
    let direction = RandomSource(seed: 11, purpose: .testing).normal(Self.images.shape)
    let expected = Double((gradient * direction).sum().scalar)
    let step: Float = 0x1p-6
    let slope =
      Double(
        (value(Self.images + direction * step) - value(Self.images - direction * step)).scalar)
      / Double(2 * step)
    #expect(abs(slope - expected) < 0.01 * max(1, abs(expected)))
  }
}
