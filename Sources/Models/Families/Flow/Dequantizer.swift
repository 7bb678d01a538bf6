import Layers
import Platform
import Tensors

/// How levels become points of a continuum: x = level + u with u in 0...1.
public enum Dequantization: String, CaseIterable, Sendable {
  /// u is uniform.
  case uniform
  /// u is drawn by a network that is told the image (Ho and others 2019, Flow++, section 3.1): the bound of the levels' probability is
  /// tighter, since the density need not be flat within a level.
  case variational
}

/// Draws u, and tells the density of what it drew.
public struct Dequantizer: Sendable {
  private let network: DequantizerNetwork?
  private let shape: ImageShape

  /// Registers the network of variational dequantisation under `scope`; the uniform kind has none.
  init(_ scope: Scope, _ kind: Dequantization, shape: ImageShape, features: Int) {
    self.shape = shape
    network =
      kind == .uniform
      ? nil : DequantizerNetwork(scope, channels: shape.channels, features: features)
  }

  /// u for each image of a batch, float32 `[images, height, width, channels]`, and log q(u | image), `[images]`.
  ///
  /// u = σ(m + s ε) with ε normal: normal in its log-odds, which begin as wide as those of the uniform distribution.
  ///
  /// - Parameters:
  ///   - random: a source for each image.
  ///   - isDefensive: whether half of the images get uniform u, and q is the mixture of both: a network that misses a part of the
  ///     cell then makes no weight larger than twice the density (Hesterberg 1995, Weighted Average Importance Sampling and Defensive Mixture
  ///     Distributions).
  func draws(_ batch: ImageBatch, _ random: [RandomSource], isDefensive: Bool = false, _ pass: Pass)
    -> (offsets: Tensor, logDensities: Tensor)
  {
    let count = shape.dimensionCount
    guard let network else {
      return (
        uniform(random).reshaped(to: batch.levels.shape), Tensor(repeating: 0, shape: [batch.count])
      )
    }
    let (mean, logScale) = network(batch, shape, pass)
    let noise = Tensor.concatenated(random.map { $0.normal([1, count]) }, axis: 0)
      .reshaped(to: batch.levels.shape)
    guard isDefensive else {
      let odds = mean + logScale.exp() * noise
      return (odds.sigmoid(), logDensities(odds, noise, logScale))
    }
    let coins = random.map { $0.with(purpose: .resampling).uniform(0) < 0.5 ? Float(1) : 0 }
    let isUniform = Tensor(coins, shape: [batch.count, 1, 1, 1])
    let even = uniform(random).reshaped(to: batch.levels.shape)
    let odds = Tensor.select(
      isUniform, even.log() - (1 - even).log(), else: mean + logScale.exp() * noise)
    let ofNetwork = logDensities(odds, (odds - mean) / logScale.exp(), logScale)
    // log (q / 2 + 1 / 2).
    return (odds.sigmoid(), ofNetwork.softplus() - log(2))
  }

  /// Uniform rows, `[sources, values]`.
  private func uniform(_ random: [RandomSource]) -> Tensor {
    .concatenated(random.map { $0.uniform([1, shape.dimensionCount]) }, axis: 0)
  }

  /// log q = log N(ε) - log s - log u (1 - u), summed over each image.
  private func logDensities(_ odds: Tensor, _ noise: Tensor, _ logScale: Tensor) -> Tensor {
    let values =
      noise.squared().affine(-0.5, -0.5 * log(2 * Float.pi)) - logScale + odds.softplus()
      + (-odds).softplus()
    return values.reshaped(to: [odds.shape[0], shape.dimensionCount]).sum(axis: 1)
  }
}

/// What tells u's log-odds from the image: their mean and the logarithm of their spread.
private struct DequantizerNetwork: Sendable {
  private let entry: Convolution
  private let block: ResidualBlock
  private let exit: Convolution

  init(_ scope: Scope, channels: Int, features: Int) {
    entry = Convolution(scope / "entry", channels, features, kernel: (3, 3))
    block = ResidualBlock(scope / "block", channels: features)
    exit = Convolution(scope / "exit", features, 2 * channels, kernel: (3, 3), gain: 0.1)
  }

  func callAsFunction(_ batch: ImageBatch, _ shape: ImageShape, _ pass: Pass) -> (
    mean: Tensor, logScale: Tensor
  ) {
    let features = block(entry(batch.scaled(levelCount: shape.levels, to: pass.elementType)))
    let numbers = exit(features.silu().converted(to: .float32)).split(into: 2, axis: 3)
    // Bounded, e to the 3 either way, and at first as wide as the log-odds of uniform numbers.
    return (numbers[0], numbers[1].tanh().affine(3, 0.5))
  }
}
