import Platform
package import Tensors

/// Expectation maximisation for a mixture of independent values.
///
/// Maximises the objective: log-likelihood of the images (with their class where it is known) plus that of the
/// probabilities under their Dirichlet priors, which pseudo-counts stand for. No iteration lowers it. The images are
/// shared among the threads in the expectation, the components in the maximisation, each summed in an order of its
/// own, so that the result does not depend on the number of threads.
package struct MixtureLearner: Sendable {
  /// The probabilities at some point of the learning.
  package struct Estimate: Sendable {
    /// Float32 `[dimensions * bins, components]`: log p(level | component).
    package let table: Tensor
    /// log p(class, component), class by class.
    package let logWeights: [[Double]]
    /// What the priors add to the objective.
    let logPrior: Double
  }

  /// An image's share in a component.
  struct Membership: Sendable {
    let image: Int32
    let component: Int32
    let share: Float
  }

  /// The table, arranged for images most of whose values are the commonest ones: only the others are summed.
  private struct Sums: Sendable {
    /// log p(level | component) less that of the value's commonest bin.
    let differences: Tensor
    /// Sum over the commonest bins, for every component.
    let base: [Double]
  }

  /// Shares below this are taken for none.
  private static let leastShare = 1e-9
  /// Images that a thread takes at a time.
  private static let chunk = 64

  let images: BinnedImages
  let classes: Int
  let components: Int
  private let smoothing: Double
  /// Frequency of each bin of each value over all images, never 0.
  private let background: [Double]
  /// The commonest bin of each value.
  private let common: [UInt8]

  /// A learner of these images.
  ///
  /// - Parameter smoothing: images of the overall frequencies that each component has seen beforehand.
  init(_ images: BinnedImages, classes: Int, components: Int, smoothing: Double) {
    precondition(images.count > 0, "a mixture is learnt from at least one image")
    self.images = images
    self.classes = classes
    self.components = components
    self.smoothing = smoothing
    let bins = images.bins
    let size = images.shape.dimensionCount
    var counts = [Double](repeating: 0, count: size * bins.count)
    for (place, bin) in images.values.enumerated() {
      counts[place % size * bins.count + Int(bin)] += 1
    }
    background = counts.enumerated().map { place, count in
      let even = Double(bins.width(place % bins.count)) / Double(bins.levels)
      return (count + smoothing * even) / (Double(images.count) + smoothing)
    }
    common = (0..<size).map { d in
      let ofValue = counts[d * bins.count..<(d + 1) * bins.count]
      return UInt8((ofValue.indices.max { ofValue[$0] < ofValue[$1] } ?? 0) - d * bins.count)
    }
  }

  /// The next estimate, and the objective of the present one.
  package func improved(_ estimate: Estimate) -> (estimate: Estimate, objective: Double) {
    let everyClass = (0..<components).map { k in logSumExp(estimate.logWeights.map { $0[k] }) }
    let sums = sums(estimate.table)
    let chunks = ThreadPool.map((images.count + Self.chunk - 1) / Self.chunk) { number in
      expectation(number, sums, estimate.logWeights, everyClass)
    }
    var members = [[Membership]](repeating: [], count: components)
    var cells = [[Double]](repeating: .init(repeating: 0, count: components), count: classes)
    for membership in chunks.lazy.flatMap(\.memberships) {
      let (k, share) = (Int(membership.component), Double(membership.share))
      members[k].append(membership)
      if let label = images.labels[Int(membership.image)], classes > 1 {
        cells[label][k] += share
      } else {
        for c in cells.indices {
          cells[c][k] += share * exp(estimate.logWeights[c][k] - everyClass[k])
        }
      }
    }
    let logLikelihood = chunks.reduce(0) { $0 + $1.logLikelihood }
    return (maximized(members, cells), logLikelihood + estimate.logPrior)
  }

  private func sums(_ table: Tensor) -> Sums {
    let bins = images.bins.count
    let rows = common.enumerated().map { Int32(truncatingIfNeeded: $0 * bins + Int($1)) }
    let commonest = table.embedded(rows).reshaped(to: [common.count, 1, components])
    let differences = table.reshaped(to: [common.count, bins, components]) - commonest
    return Sums(
      differences: differences.reshaped(to: table.shape), base: table.summedRows(rows))
  }

  /// The components that images of a chunk belong to, and the images' log-likelihood.
  private func expectation(
    _ number: Int, _ sums: Sums, _ logWeights: [[Double]], _ everyClass: [Double]
  ) -> (memberships: [Membership], logLikelihood: Double) {
    var memberships: [Membership] = []
    var total = 0.0
    for image in number * Self.chunk..<min(images.count, (number + 1) * Self.chunk) {
      let label = classes > 1 ? images.labels[image] : nil
      let weights = label.map { logWeights[$0] } ?? everyClass
      var scores = sums.differences.summedRows(images.rows(of: image, except: common))
      for k in scores.indices { scores[k] += sums.base[k] + weights[k] }
      let logLikelihood = logSumExp(scores)
      total += logLikelihood
      let least = logLikelihood + log(Self.leastShare)
      for (k, score) in scores.enumerated() where score > least {
        memberships.append(
          Membership(
            image: Int32(image), component: Int32(k), share: Float(exp(score - logLikelihood))))
      }
    }
    return (memberships, total)
  }

  /// The most probable estimate where images belong to components so.
  ///
  /// - Parameters:
  ///   - members: for each component.
  ///   - cells: how many images of each class belong to each component.
  func maximized(_ members: [[Membership]], _ cells: [[Double]]) -> Estimate {
    let columns = ThreadPool.map(components) { maximized(members[$0]) }
    let table = Tensor(
      columns.flatMap(\.logProbabilities), shape: [components, background.count]
    ).transposed()
    let pseudo = smoothing / Double(components)
    let total = cells.joined().reduce(0) { $0 + $1 + pseudo }
    let logWeights = cells.map { row in row.map { log(($0 + pseudo) / total) } }
    let logPrior = columns.reduce(pseudo * logWeights.joined().reduce(0, +)) { $0 + $1.logPrior }
    return Estimate(table: table, logWeights: logWeights, logPrior: logPrior)
  }

  /// One component's log p(level) for every bin of every value, and what its prior adds to the objective.
  private func maximized(
    _ members: [Membership]
  ) -> (logProbabilities: [Float], logPrior: Double) {
    let (size, bins) = (images.shape.dimensionCount, images.bins)
    var counts = background.map { $0 * smoothing }
    counts.withUnsafeMutableBufferPointer { counts in
      images.values.withUnsafeBufferPointer { values in
        for member in members {
          let (start, share) = (Int(member.image) * size, Double(member.share))
          for d in 0..<size { counts[d * bins.count + Int(values[start + d])] += share }
        }
      }
    }
    let total = members.reduce(smoothing) { $0 + Double($1.share) }
    let logWidths = (0..<bins.count).map { log(Double(bins.width($0))) }
    var logPrior = 0.0
    let logProbabilities = counts.indices.map { place in
      let logFrequency = log(counts[place] / total)
      logPrior += smoothing * background[place] * logFrequency
      return Float(logFrequency - logWidths[place % bins.count])
    }
    return (logProbabilities, logPrior)
  }
}
