package import Layers
package import Tensors

/// The prior of latent points.
public enum LatentPrior: String, Sendable, CaseIterable {
  /// Standard normal, whatever the class.
  case standard
  /// Learnt: normal distributions of the classes, bent by autoregressive maps.
  case flow
}

/// A prior over latents that is learnt, p(z | y): a normal distribution of each class, bent by inverse autoregressive maps
/// (Papamakarios and others 2017, Masked Autoregressive Flow for Density Estimation, sections 3.1 and 3.4; as a prior:
/// Chen and others 2017, Variational Lossy Autoencoder, section 3.2).
///
/// Each map takes z to u_i = (z_i - m_i(z_<i, y)) exp(-s_i(z_<i, y)), the next one in the reversed order. Departure: s is kept in
/// -2...2, beyond which it would only fit single images.
package struct FlowPrior: Sendable {
  private let classCount: Int, latentCount: Int
  /// Means and log variances of the normal distribution: of no class, and what a class adds.
  private let base: Parameter
  private let ofClass: Linear?
  private let maps: [AutoregressiveMap]

  package init(_ scope: Scope, classCount: Int, latentCount: Int, maps count: Int, hidden: Int) {
    self.classCount = classCount
    self.latentCount = latentCount
    base = scope.parameter("base", [2 * latentCount], .constant(0))
    ofClass =
      classCount > 0
      ? Linear(scope / "class", classCount, 2 * latentCount, bias: false, gain: 0.01) : nil
    maps = (0..<count).map {
      AutoregressiveMap(
        scope / "map\($0)", classCount: classCount, count: latentCount, hidden: hidden,
        isReversed: $0 % 2 == 1)
    }
  }

  /// log p(z | y) of each row, float32 `[rows]`; of no class where the label is not known.
  func logDensity(_ latents: Tensor, labels: [Int?]) -> Tensor {
    let (points, logScales) = bent(latents, labels: labels)
    let density = base(oneHotLabels(labels), rows: labels.count).logDensity(points)
    return logScales.map { density - $0.sum(axis: 1) } ?? density
  }

  /// Where the maps lead, and the logarithms by which they shrink, nil where there are no maps: both float32 `[rows,
  /// latentCount]`; the sum of a row's is -log |det ∂u/∂z|.
  package func bent(_ latents: Tensor, labels: [Int?]) -> (points: Tensor, logScales: Tensor?) {
    let oneHot = oneHotLabels(labels)
    var (points, logScales) = (latents, Tensor?.none)
    for map in maps {
      let (next, scale) = map.forward(points, oneHot)
      points = next
      logScales = logScales.map { $0 + scale } ?? scale
    }
    return (points, logScales)
  }

  /// A draw of z for each row.
  ///
  /// - Parameter noise: standard normal, float32 `[rows, latentCount]`.
  package func draw(labels: [Int?], noise: Tensor) -> Tensor {
    let oneHot = oneHotLabels(labels)
    let points = base(oneHot, rows: labels.count).sample(noise)
    return maps.reversed().reduce(points) { $1.inverse($0, oneHot) }
  }

  private func oneHotLabels(_ labels: [Int?]) -> Tensor? {
    classCount > 0 ? Models.oneHotLabels(labels, classes: classCount) : nil
  }

  private func base(_ oneHot: Tensor?, rows: Int) -> DiagonalGaussian {
    var numbers = base.value.reshaped(to: [1, 2 * latentCount])
      .broadcast(to: [rows, 2 * latentCount])
    if let ofClass, let oneHot { numbers = numbers + ofClass(oneHot) }
    let parts = numbers.split(into: 2, axis: 1)
    return DiagonalGaussian(mean: parts[0], logVariance: parts[1])
  }
}

/// One map of the flow.
private struct AutoregressiveMap: Sendable {
  private let count: Int
  /// The coordinates in the order in which they are taken.
  private let order: [Int]
  private let first: MaskedLinear, second: MaskedLinear
  private let ofClass: Linear?
  private let mean: MaskedLinear, scale: MaskedLinear
  private let inputMask: LinearMask, middleMask: LinearMask, outputMask: LinearMask

  init(_ scope: Scope, classCount: Int, count: Int, hidden: Int, isReversed: Bool) {
    self.count = count
    order = isReversed ? (0..<count).reversed() : Array(0..<count)
    let ranks = isReversed ? (0..<count).map { count - 1 - $0 } : Array(0..<count)
    // A unit of degree d sees the first d coordinates; some see none, and serve the first one.
    let degrees = (0..<hidden).map { $0 * count / hidden }
    inputMask = LinearMask(ranks: ranks, reaches: degrees)
    middleMask = LinearMask(ranks: degrees, reaches: degrees.map { $0 + 1 })
    outputMask = LinearMask(ranks: degrees, reaches: ranks.map { $0 + 1 })
    first = MaskedLinear(scope / "first", count, hidden)
    second = MaskedLinear(scope / "second", hidden, hidden, gain: Float(2).squareRoot())
    ofClass =
      classCount > 0 ? Linear(scope / "class", classCount, hidden, bias: false, gain: 0.3) : nil
    mean = MaskedLinear(scope / "mean", hidden, count, gain: 0.1)
    scale = MaskedLinear(scope / "log_scale", hidden, count, gain: 0.1)
  }

  /// Means and log scales of every coordinate given those before it.
  private var network: (Tensor, Tensor?) -> (mean: Tensor, logScale: Tensor) {
    let (first, second) = (first.masked(by: inputMask), second.masked(by: middleMask))
    let (mean, scale) = (mean.masked(by: outputMask), scale.masked(by: outputMask))
    return { points, oneHot in
      var hidden = first(points)
      if let ofClass, let oneHot { hidden = hidden + ofClass(oneHot) }
      let features = second(hidden.silu()).silu()
      return (mean(features), (scale(features) * 0.5).tanh() * 2)
    }
  }

  /// u, and the log scales whose sum is the logarithm of the determinant of z by u.
  func forward(_ points: Tensor, _ oneHot: Tensor?) -> (Tensor, logScale: Tensor) {
    let (mean, logScale) = network(points, oneHot)
    return ((points - mean) * (logScale * -1).exp(), logScale)
  }

  /// z, coordinate by coordinate.
  func inverse(_ points: Tensor, _ oneHot: Tensor?) -> Tensor {
    let (rows, network, given) = (points.shape[0], network, points.values)
    var found = [Float](repeating: 0, count: given.count)
    for coordinate in order {
      let (mean, logScale) = network(Tensor(found, shape: points.shape), oneHot)
      let (scaled, means) = (logScale.exp().values, mean.values)
      for place in stride(from: coordinate, to: rows * count, by: count) {
        found[place] = given[place] * scaled[place] + means[place]
      }
    }
    return Tensor(found, shape: points.shape)
  }
}
