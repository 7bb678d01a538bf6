import Platform
import Tensors

/// Particles of one image, at most a tile of them, that are weighed against each other and resampled together.
struct ParticleIsland: Sendable {
  /// Levels and hole, permuted to the order in which the pixels are taken.
  let request: CompletionRequest
  /// That order.
  let order: PixelOrder
  /// The first pixel in that order that is missing.
  let first: Int
  /// Every particle's image, as far as it is known.
  var images: [[Float]]
  /// Every particle's numbers.
  let uniforms: [[Float]]
  private let random: RandomSource
  /// log of the weights, which need not sum to 1.
  private var logWeights: [Double]
  /// log p(pixels from the first missing one on | pixels before it) of every particle.
  private(set) var logLikelihoods: [Double]
  /// The particle of the beginning that each descends from.
  private(set) var families: [Int]
  /// What resampling has taken out of the weights: log of the product of their means.
  private var logMeans = 0.0

  /// Particles before the first pixel.
  ///
  /// - Parameters:
  ///   - request: permuted to its order; at least one pixel is missing.
  ///   - random: the island's own.
  ///   - draws: uniform numbers that an image takes.
  init(
    _ request: CompletionRequest, order: PixelOrder, count: Int, random: RandomSource, draws: Int
  ) {
    self.request = request
    self.order = order
    self.random = random
    first = request.missing.firstIndex(of: true) ?? request.missing.count
    images = [[Float]](repeating: request.levels, count: count)
    uniforms = (0..<count).map { random.with(purpose: .particles).derived($0).uniforms(draws) }
    logWeights = [Double](repeating: 0, count: count)
    logLikelihoods = logWeights
    families = Array(0..<count)
  }

  /// The number of particles.
  var count: Int { images.count }

  /// The weights, which sum to 1.
  var weights: [Double] { normalizedLogits(logWeights).map { exp($0) } }

  /// The estimate of log p(known pixels after the first missing one | pixels before it), as far as pixels are taken.
  var logEvidence: Double { logMeans + logSumExp(logWeights) - log(Double(count)) }

  /// Takes one more pixel of every particle.
  ///
  /// - Parameter losses: -log p of the pixel in each particle.
  mutating func take(_ pixel: Int, losses: ArraySlice<Float>) {
    guard pixel >= first else { return }
    for (particle, loss) in losses.enumerated() {
      logLikelihoods[particle] -= Double(loss)
      if !request.missing[pixel] { logWeights[particle] -= Double(loss) }
    }
  }

  /// Resamples before a missing pixel is drawn, where the effective sample size has fallen under half of the particles.
  ///
  /// Between known pixels there is nothing to gain by it: no particle draws anything.
  ///
  /// - Returns: for each particle the one that it has become a copy of; nil where all stay.
  mutating func resample(before pixel: Int) -> [Int]? {
    guard pixel > first, request.missing[pixel], count > 1 else { return nil }
    let weights = weights
    let effective = 1 / weights.reduce(0) { $0 + $1 * $1 }
    guard effective < Double(count) / 2 else { return nil }
    let uniform = Double(random.with(purpose: .resampling).uniform(pixel))
    let sources = SystematicResampling.sources(weights: weights, uniform: uniform)
    logMeans += logSumExp(logWeights) - log(Double(count))
    images = sources.map { images[$0] }
    logLikelihoods = sources.map { logLikelihoods[$0] }
    families = sources.map { families[$0] }
    logWeights = [Double](repeating: 0, count: count)
    return sources
  }
}
