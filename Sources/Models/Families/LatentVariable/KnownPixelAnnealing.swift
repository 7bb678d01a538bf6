import Layers
import Platform
import Tensors

/// Chains of one hole, and how many holes a tile has room for.
private let (chainsOfHole, holesOfTile) = (16, Tiles.size / 16)
/// Steps of a Hamiltonian trajectory.
private let leapfrogs = 2

/// Estimates log p(known pixels) of an image with a hole by annealed importance sampling (Neal 2001, Annealed Importance
/// Sampling; of decoders: Wu and others 2017, On the Quantitative Analysis of Decoder-Based Generative Models, section 3).
///
/// From a normal distribution of latents that is given, r, to p(z) p(known | z), along r^(1 - β) (p(z) p(known | z))^β. Where pixels
/// depend on those before them, the missing ones are part of the state: drawn anew, and accepted by how likely they make
/// the known ones. Latents move by Hamiltonian trajectories, whose length adapts to how many were accepted before. The mean of
/// p(known) over chains is right but for that; that of its logarithm is too low, the less so the more steps there are.
struct KnownPixelAnnealing<Model: LatentVariable> {
  private let model: Model
  private let pass: Pass
  private let stepper: LatentDecoder.Stepper?
  private let labels: [Int?]
  private let missing: [[Bool]]
  private let random: [RandomSource]
  private let proposals: DiagonalGaussian
  private let deviations: Tensor
  /// 1 where a pixel is known, and where it is missing.
  private let isKnown: Tensor, isMissing: Tensor

  private var latents: Tensor
  private var images: [[Float]]
  private var state: Densities

  /// What is known of each chain's state.
  private struct Densities {
    /// log p(z) + log p(known | z) - log r(z).
    var tilt: [Float]
    /// log r(z), and log p(missing | z) where pixels depend on others.
    var base: [Float]

    func logTarget(_ beta: Float) -> [Float] { zip(tilt, base).map { beta * $0 + $1 } }
  }

  /// log p(known pixels) of each request's image.
  ///
  /// - Parameters:
  ///   - requests: at most as many as a tile holds.
  ///   - proposals: a row each.
  ///   - steps: of the way from the proposals.
  static func logEvidences(
    _ model: Model, _ requests: [CompletionRequest], proposals: DiagonalGaussian, steps: Int,
    _ pass: Pass
  ) -> [Double] {
    stride(from: 0, to: requests.count, by: holesOfTile).flatMap { start -> [Double] in
      let rows = start..<min(requests.count, start + holesOfTile)
      let padded = (0..<holesOfTile).map { rows.lowerBound + $0 % rows.count }
      var chains = KnownPixelAnnealing(
        model, padded.map { requests[$0] },
        proposals: DiagonalGaussian.rows(padded.map { proposals.row($0) }), pass)
      return Array(chains.run(steps: steps).prefix(rows.count))
    }
  }

  private init(
    _ model: Model, _ requests: [CompletionRequest], proposals: DiagonalGaussian, _ pass: Pass
  ) {
    self.model = model
    self.pass = pass
    stepper = model.decoder.stepper(pass)
    let chains = requests.flatMap { [CompletionRequest](repeating: $0, count: chainsOfHole) }
    labels = chains.map(\.label)
    missing = chains.map(\.missing)
    random = chains.enumerated().map { index, request in
      request.random.with(purpose: .particles).derived(index % chainsOfHole)
    }
    self.proposals = DiagonalGaussian.rows(
      (0..<chains.count).map { proposals.row($0 / chainsOfHole) })
    deviations = (self.proposals.logVariance * 0.5).exp()
    let shape: Shape = [chains.count, model.shape.height, model.shape.width]
    isMissing = Tensor(missing.flatMap { $0.map { $0 ? 1 : 0 } }, shape: shape)
    isKnown = 1 - isMissing
    latents = self.proposals.sample(latentNoise(random, count: model.latentCount))
    images = chains.map(\.levels)
    state = Densities(tilt: [], base: [])
    if model.decoder.isCausal { images = drawn(round: 0) }
    state = densities(latents).1
  }

  private mutating func run(steps: Int) -> [Double] {
    var weights = [Double](repeating: 0, count: labels.count)
    var stepSizes = [Float](repeating: 0.3, count: holesOfTile)
    for step in 1...steps {
      let beta = Float(step) / Float(steps)
      for chain in weights.indices { weights[chain] += Double(state.tilt[chain]) / Double(steps) }
      guard step < steps else { break }
      move(beta, round: step, &stepSizes)
      if model.decoder.isCausal { redraw(beta, round: step) }
    }
    return (0..<holesOfTile).map { hole in
      let own = weights[hole * chainsOfHole..<(hole + 1) * chainsOfHole]
      return logSumExp(Array(own)) - log(Double(chainsOfHole))
    }
  }

  /// The densities at some latents, and the sum of the logarithms of the target over all chains, whose slope is wanted.
  private func densities(_ latents: Tensor, beta: Float = 1) -> (Tensor, Densities) {
    let losses = model.pixelLosses(
      maps: model.maps(latents: latents, labels: labels, pass),
      levels: ImageBatch(images, shape: model.shape).levels, pass)
    let proposal = proposals.logDensity(latents)
    let tilt =
      model.logPriors(latents: latents, labels: labels, random: random)
      - (losses * isKnown).sum(axes: [1, 2]) - proposal
    let base =
      model.decoder.isCausal ? proposal - (losses * isMissing).sum(axes: [1, 2]) : proposal
    return ((tilt * beta + base).sum(), Densities(tilt: tilt.values, base: base.values))
  }

  /// One Hamiltonian trajectory of every chain's latents, accepted or not (Neal 2011, MCMC Using Hamiltonian Dynamics,
  /// section 3), the masses those of the proposals.
  private mutating func move(_ beta: Float, round: Int, _ stepSizes: inout [Float]) {
    func slope(_ latents: Tensor) -> (gradient: Tensor, place: Densities) {
      var found: Densities?
      let variable = latents.detached.variable
      let (_, gradients) = valueAndGradients(of: [variable]) {
        let (sum, ofChains) = densities(variable, beta: beta)
        found = ofChains
        return sum
      }
      guard let gradient = gradients[0], let found else {
        preconditionFailure("latents without a slope")
      }
      return (gradient * deviations, found)
    }
    let start = slope(latents)
    let trajectory = HamiltonianTrajectory(
      from: latents, start,
      momentum: latentNoise(random, round: round, count: model.latentCount),
      stepSizes: stepSizes.flatMap { [Float](repeating: $0, count: chainsOfHole) },
      steps: leapfrogs, deviations: deviations, slope: slope)
    let (new, old) = (trajectory.end.logTarget(beta), start.place.logTarget(beta))
    let isAccepted = random.indices.map { chain in
      log(random[chain].with(purpose: .validation).uniform(round))
        < new[chain] - old[chain] + trajectory.kinetic[chain]
    }
    accept(isAccepted, trajectory.end)
    latents = .select(
      Tensor(isAccepted.map { $0 ? 1 : 0 }, shape: [isAccepted.count, 1]), trajectory.positions,
      else: latents)
    for hole in stepSizes.indices {
      let own = isAccepted[hole * chainsOfHole..<(hole + 1) * chainsOfHole]
      stepSizes[hole] *= own.count { $0 } * 3 > chainsOfHole * 2 ? 1.1 : 0.85
    }
  }

  /// Missing pixels drawn anew, accepted or not.
  private mutating func redraw(_ beta: Float, round: Int) {
    let (previous, before) = (images, state)
    images = drawn(round: round)
    let (_, after) = densities(latents)
    // What is drawn is drawn by its own likelihood: what counts is that of the known pixels.
    let isAccepted = random.indices.map { chain in
      log(random[chain].with(purpose: .resampling).uniform(round))
        < beta * (after.tilt[chain] - before.tilt[chain])
    }
    accept(isAccepted, after)
    for chain in images.indices where !isAccepted[chain] { images[chain] = previous[chain] }
  }

  private func drawn(round: Int) -> [[Float]] {
    model.drawn(
      images, missing: missing, maps: model.maps(latents: latents, labels: labels, pass), random,
      round: round, temperature: 1, by: stepper)
  }

  private mutating func accept(_ isAccepted: [Bool], _ densities: Densities) {
    for chain in isAccepted.indices where isAccepted[chain] {
      state.tilt[chain] = densities.tilt[chain]
      state.base[chain] = densities.base[chain]
    }
  }
}
