import Layers
import Platform
import Tensors

/// Steps of a Hamiltonian trajectory.
private let leapfrogs = 2
/// How sharp the edges of a level's cell are at the end, in levels.
private let finalSoftness: Float = 0.05

/// Draws components of a flow whose image shows the known pixels, by annealed importance sampling (Neal 2001, Annealed Importance
/// Sampling) from the prior: p(z) Π σ((x_i - a_i) / τ) σ((b_i - x_i) / τ), where x(z) is the flow's inverse and a pixel's values a_i to b_i are
/// those of its level where it is known, and all of its levels where it is missing.
///
/// Edges so soft that everything is allowed become sharp in equal factors of τ, and quite sharp at the end where a chain lies within. The
/// integral is then the probability of the known levels, of which the mean of the weights is an estimate: right but for that in the mean, and
/// its logarithm too low, the less so the more steps there are. Components move by Hamiltonian trajectories (Neal 2011, MCMC Using Hamiltonian Dynamics,
/// section 3), whose length adapts to how many were accepted before.
struct ComponentAnnealing<Model: NormalizingFlow> {
  private let model: Model
  private let pass: Pass
  private let chains: Int
  private let temperature: Float
  private let labels: [Int?]
  private let random: [RandomSource]
  /// Where each value may lie, in units of levels, `[rows, height, width, channels]`.
  private let lower: Tensor, upper: Tensor
  private var components: Tensor
  private var stepSizes: [Float]

  /// What the chains of a hole came to.
  struct Outcome: Sendable {
    /// Levels of the image of the chain that was chosen; known ones as they are.
    let levels: [Float]
    /// The logarithm of the mean weight: an estimate of log p(known levels).
    let logEvidence: Double
  }

  /// The outcome of each request, as many holes together as a tile holds chains of.
  static func outcomes(
    _ model: Model, _ requests: [CompletionRequest], _ filling: FlowFilling, temperature: Float,
    _ pass: Pass
  ) -> [Outcome] {
    let holes = max(1, Tiles.size / filling.chains)
    return ThreadPool.map((requests.count + holes - 1) / holes) { group in
      let range = group * holes..<min(requests.count, (group + 1) * holes)
      // A product's rounding can depend on its number of rows: they are always as many.
      let padded = (0..<holes).map { requests[range.lowerBound + $0 % range.count] }
      var annealing = ComponentAnnealing(
        model, padded, chains: filling.chains, temperature: temperature, pass)
      return Array(annealing.run(padded, steps: filling.steps).prefix(range.count))
    }.flatMap { $0 }
  }

  private init(
    _ model: Model, _ requests: [CompletionRequest], chains: Int, temperature: Float, _ pass: Pass
  ) {
    (self.model, self.pass, self.chains) = (model, pass, chains)
    // Components all at the middle of the prior could not move.
    self.temperature = max(temperature, 0.05)
    let rows = requests.flatMap { [CompletionRequest](repeating: $0, count: chains) }
    labels = rows.map(\.label)
    random = rows.enumerated().map { index, request in
      request.random.with(purpose: .particles).derived(index % chains)
    }
    let shape = model.shape
    let size: Shape = [rows.count, shape.height, shape.width, shape.channels]
    func bounds(_ known: (Float) -> Float, missing: Float) -> Tensor {
      Tensor(
        rows.flatMap { request in
          request.levels.indices.map {
            request.missing[$0 / shape.channels] ? missing : known(request.levels[$0])
          }
        }, shape: size)
    }
    lower = bounds({ $0 }, missing: 0)
    upper = bounds({ $0 + 1 }, missing: Float(shape.levels))
    components = model.prior.draws(
      random, count: model.latentCount, temperature: self.temperature)
    stepSizes = [Float](repeating: 0.1, count: requests.count)
  }

  /// log of the soft cells that a row of components falls into, `[rows]`.
  private func fit(_ components: Tensor, softness: Float) -> Tensor {
    let points = model.points(of: components, labels, pass)
    let outside =
      ((lower - points) * (1 / softness)).softplus()
      + ((points - upper) * (1 / softness)).softplus()
    return outside.reshaped(to: [labels.count, model.latentCount]).sum(axis: 1) * -1
  }

  /// What a trajectory needs to know of where rows are.
  private struct Place {
    /// log p(z) of the prior, sharpened by the temperature, and of the cells, and that of the cells alone.
    let targets: [Float], fits: [Float]
  }

  private func place(_ components: Tensor, softness: Float) -> (gradient: Tensor, place: Place) {
    let variable = components.detached.variable
    var (targets, fits): ([Float], [Float]) = ([], [])
    let (_, gradients) = valueAndGradients(of: [variable]) {
      let fit = fit(variable, softness: softness)
      let ofRows = model.prior.logDensities(variable * (1 / temperature)) + fit
      (targets, fits) = (ofRows.values, fit.values)
      return ofRows.sum()
    }
    guard let gradient = gradients[0] else { preconditionFailure("components without a slope") }
    // Where a chain has run away, it is not accepted, and must not spoil the others.
    return (gradient.clamped(-1e6, 1e6), Place(targets: targets, fits: fits))
  }

  private mutating func run(_ requests: [CompletionRequest], steps: Int) -> [Outcome] {
    var weights = [Double](repeating: 0, count: labels.count)
    var former = [Float](repeating: 0, count: labels.count)
    let start = Float(model.shape.levels)
    for step in 0..<steps {
      let share = Float(step + 1) / Float(steps)
      let softness = start * powf(finalSoftness / start, share)
      let before = place(components, softness: softness)
      for row in weights.indices { weights[row] += Double(before.place.fits[row] - former[row]) }
      former = move(from: before, softness: softness, round: step)
    }
    let points = model.points(of: components, labels, pass).values
    sharpen(&weights, former, points)
    return requests.indices.map { hole in
      outcome(requests[hole], Array(weights[hole * chains..<(hole + 1) * chains]), hole, points)
    }
  }

  /// The last of the annealing: edges that are quite sharp, for the holes of which a chain lies within them.
  private func sharpen(_ weights: inout [Double], _ fits: [Float], _ points: [Float]) {
    let (lower, upper, size) = (lower.values, upper.values, model.latentCount)
    let isWithin = weights.indices.map { row in
      (row * size..<(row + 1) * size).allSatisfy {
        points[$0] >= lower[$0] && points[$0] < upper[$0]
      }
    }
    for hole in stepSizes.indices {
      let rows = hole * chains..<(hole + 1) * chains
      guard rows.contains(where: { isWithin[$0] }) else { continue }
      for row in rows {
        weights[row] = isWithin[row] ? weights[row] - Double(fits[row]) : -.infinity
      }
    }
  }

  /// One Hamiltonian trajectory of every row, accepted or not; the fit of where each row is then.
  private mutating func move(
    from start: (gradient: Tensor, place: Place), softness: Float, round: Int
  ) -> [Float] {
    let trajectory = HamiltonianTrajectory(
      from: components, start,
      momentum: latentNoise(random, round: round + 1, count: model.latentCount),
      stepSizes: stepSizes.flatMap { [Float](repeating: $0, count: chains) }, steps: leapfrogs
    ) { place($0, softness: softness) }
    let (before, after) = (start.place, trajectory.end)
    let isAccepted = random.indices.map { row in
      let change = after.targets[row] - before.targets[row] + trajectory.kinetic[row]
      return change.isFinite
        && log(random[row].with(purpose: .validation).uniform(round)) < change
    }
    let isNew = Tensor(isAccepted.map { $0 ? 1 : 0 }, shape: [isAccepted.count, 1])
    components = .select(isNew, trajectory.positions, else: components)
    for hole in stepSizes.indices {
      let accepted = isAccepted[hole * chains..<(hole + 1) * chains].count { $0 }
      stepSizes[hole] *= accepted * 3 > chains * 2 ? 1.15 : 0.8
    }
    return isAccepted.indices.map { isAccepted[$0] ? after.fits[$0] : before.fits[$0] }
  }

  /// One of a hole's chains, chosen by their weights.
  private func outcome(
    _ request: CompletionRequest, _ weights: [Double], _ hole: Int, _ points: [Float]
  ) -> Outcome {
    let total = logSumExp(weights)
    var left = Double(request.random.with(purpose: .resampling).uniform(0))
    let chosen =
      weights.indices.first { chain in
        left -= exp(weights[chain] - total)
        return left < 0
      } ?? weights.count - 1
    let size = model.latentCount
    let row = (hole * chains + chosen) * size
    let top = Float(model.shape.levels - 1)
    let levels = (0..<size).map { place in
      request.missing[place / model.shape.channels]
        ? min(top, max(0, points[row + place].rounded(.down))) : request.levels[place]
    }
    return Outcome(levels: levels, logEvidence: total - log(Double(chains)))
  }
}
