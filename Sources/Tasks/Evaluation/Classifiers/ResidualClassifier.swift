package import Layers
package import Models
package import Tensors

/// A stronger fixed classifier: a small residual network, over which gains are harder to have than over ``SmallClassifier``.
///
/// A 3x3 convolution of 32 channels, which halves images of more than 16 pixels; a residual block; a 3x3 convolution of 64 channels,
/// which halves what is still above 4; two blocks. A block is x + c(c(x)), with c a group normalisation of 8 channels a
/// group, a relu and a 3x3 convolution (He et al. 2016, Identity Mappings in Deep Residual Networks, figure 4e; Wu and He 2018, Group
/// Normalization, section 3). The mean over the pixels, a quarter of it dropped out while learning, and one layer; weights decay.
package struct ResidualClassifier: JudgingClassifier {
  /// Group normalisation, relu, convolution.
  private struct Unit: Sendable {
    let norm: GroupNormalization
    let convolution: Convolution

    init(_ scope: Scope, _ inputs: Int, _ outputs: Int, stride: Int = 1, gain: Float) {
      norm = GroupNormalization(
        scope / "norm", channels: inputs, groups: inputs / ResidualClassifier.channelsPerGroup)
      convolution = Convolution(
        scope / "convolution", inputs, outputs, kernel: (3, 3),
        geometry: ConvolutionGeometry(top: 1, left: 1, bottom: 1, right: 1, stride: stride),
        gain: gain)
    }

    func callAsFunction(_ x: Tensor) -> Tensor { convolution(norm(x).relu()) }
    func callAsFunction(_ x: Tensor, adding sum: Tensor) -> Tensor {
      convolution(norm(x).relu(), adding: sum)
    }
  }

  private struct Block: Sendable {
    let first: Unit
    let second: Unit

    init(_ scope: Scope, _ channels: Int) {
      first = Unit(scope / "first", channels, channels, gain: Float(2).squareRoot())
      second = Unit(scope / "second", channels, channels, gain: 0.3)
    }

    func callAsFunction(_ x: Tensor) -> Tensor { second(first(x), adding: x) }
  }

  private static let channelsPerGroup = 8
  private static let (narrow, wide) = (32, 64)
  private static let dropout: Float = 0.25

  /// Enough to matter in a thousand steps.
  package static let weightDecay: Float = 0.1

  /// Its parameters.
  package let store: ParameterStore
  private let shape: ImageShape
  private let stem: Convolution
  private let entry: Block
  private let widening: Unit
  private let blocks: [Block]
  private let norm: GroupNormalization
  private let output: Linear

  /// A classifier before it has learnt; `seed` decides its initial weights.
  package init(shape: ImageShape, classCount: Int, seed: UInt64) {
    self.shape = shape
    store = ParameterStore(seed: seed)
    let scope = store.root
    let gain = Float(2).squareRoot()
    let side = min(shape.height, shape.width)
    let stride = side > 16 ? 2 : 1
    stem = Convolution(
      scope / "stem", shape.channels, Self.narrow, kernel: (3, 3),
      geometry: ConvolutionGeometry(top: 1, left: 1, bottom: 1, right: 1, stride: stride),
      gain: gain)
    entry = Block(scope / "entry", Self.narrow)
    widening = Unit(
      scope / "widening", Self.narrow, Self.wide, stride: side / stride > 4 ? 2 : 1, gain: gain)
    blocks = (0..<2).map { Block(scope / "block\($0)", Self.wide) }
    norm = GroupNormalization(
      scope / "norm", channels: Self.wide, groups: Self.wide / Self.channelsPerGroup)
    output = Linear(scope / "output", Self.wide, classCount)
  }

  /// The unnormalised log-probabilities `[images, classes]`; with dropout where the pass has noise.
  package func logits(_ batch: ImageBatch, _ pass: Pass) -> Tensor {
    let image = batch.scaled(levelCount: shape.levels, to: pass.elementType)
    let features = blocks.reduce(widening(entry(stem(image)))) { x, block in block(x) }
    let mean = norm(features).relu().mean(axes: [1, 2], as: .float32)
    return output(pass.noise.map { mean.droppedOut(rate: Self.dropout, $0) } ?? mean)
  }
}
