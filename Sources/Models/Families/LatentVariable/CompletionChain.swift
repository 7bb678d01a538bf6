import Layers
import Platform
import Tensors

/// Draws for the estimates of p(image) and of p(known pixels).
private let (imageSamples, knownSamples) = (64, 128)

/// The chains of one tile of images.
struct CompletionChain<Model: LatentVariable> {
  private let model: Model
  private let requests: [CompletionRequest]
  private let labels: [Int?]
  private let temperature: Float
  private let pass: Pass
  private let stepper: LatentDecoder.Stepper?
  private(set) var images: [[Float]]
  /// Sums over the corrected sweeps of what the images were encoded to: means, and their squares with the variances.
  private var sums: (count: Int, means: Tensor, squares: Tensor)?
  private var latents: Tensor
  /// What the decoder makes of the present latents.
  private var maps: Tensor

  init(_ model: Model, _ requests: [CompletionRequest], temperature: Float, _ pass: Pass) {
    self.model = model
    self.requests = requests
    self.temperature = temperature
    self.pass = pass
    stepper = model.decoder.stepper(pass)
    labels = requests.map(\.label)
    images = requests.map(\.levels)
    latents = model.priorDraws(
      requests.map { SampleRequest(label: $0.label, random: $0.random) }, temperature: temperature)
    maps = model.maps(latents: latents, labels: labels, pass)
    drawMissing(round: 0, isCorrected: false)
  }

  /// New missing pixels given the latents.
  ///
  /// Where pixels depend on those before them, they are drawn blind to what is known behind them: that is a proposal,
  /// which is accepted by how much likelier it makes the known pixels.
  private mutating func drawMissing(round: Int, isCorrected: Bool) {
    let drawn = model.drawn(
      images, missing: requests.map(\.missing), maps: maps, requests.map(\.random), round: round,
      temperature: temperature, by: stepper)
    guard isCorrected, model.decoder.isCausal else {
      images = drawn
      return
    }
    let (new, old) = (knownLosses(drawn), knownLosses(images))
    for (index, request) in requests.enumerated() {
      let uniform = request.random.with(purpose: .resampling).uniform(round)
      if Double(log(uniform)) < old[index] - new[index] { images[index] = drawn[index] }
    }
  }

  /// -Σ log p(x_i | x_<i, z) over the known pixels of each image.
  private func knownLosses(_ images: [[Float]]) -> [Double] {
    let losses = model.pixelLosses(
      maps: maps, levels: ImageBatch(images, shape: model.shape).levels, pass
    ).values
    let pixels = model.shape.pixelCount
    return requests.enumerated().map { index, request in
      (0..<pixels).reduce(0.0) {
        request.missing[$1] ? $0 : $0 + Double(losses[index * pixels + $1])
      }
    }
  }

  private var batch: ImageBatch {
    ImageBatch(images, labels: model.classCount > 0 ? labels : nil, shape: model.shape)
  }

  /// New latents given the images, accepted or not, then new missing pixels given the latents.
  mutating func sweep(_ round: Int, isCorrected: Bool) {
    let batch = batch
    let random = requests.map(\.random)
    let posterior = model.posterior(of: batch, pass)
    if isCorrected { add(posterior) }
    let proposed = posterior.sample(
      latentNoise(random, round: round, count: model.latentCount))
    let proposedMaps = model.maps(latents: proposed, labels: labels, pass)
    if isCorrected {
      let new = logWeights(proposed, proposedMaps, batch, posterior, round: 2 * round)
      let old = logWeights(latents, maps, batch, posterior, round: 2 * round + 1)
      let accepted = requests.indices.map { index in
        Double(log(random[index].with(purpose: .validation).uniform(round)))
          < Double(new[index]) - Double(old[index])
      }
      let isNew = Tensor(accepted.map { $0 ? 1 : 0 }, shape: [accepted.count, 1])
      latents = .select(isNew, proposed, else: latents)
      maps = .select(isNew.reshaped(to: [accepted.count, 1, 1, 1]), proposedMaps, else: maps)
    } else {
      (latents, maps) = (proposed, proposedMaps)
    }
    drawMissing(round: round, isCorrected: isCorrected)
  }

  /// log p(x | z) p(z) / q(z | x) of each image.
  private func logWeights(
    _ latents: Tensor, _ maps: Tensor, _ batch: ImageBatch, _ posterior: DiagonalGaussian,
    round: Int
  ) -> [Float] {
    let losses = model.pixelLosses(maps: maps, levels: batch.levels, pass).sum(axes: [1, 2])
    let sources = requests.map { $0.random.derived(round) }
    let priors = model.logPriors(latents: latents, labels: labels, random: sources)
    return (priors - losses - posterior.logDensity(latents)).values
  }

  private mutating func add(_ posterior: DiagonalGaussian) {
    let squares = posterior.mean.squared() + posterior.logVariance.exp()
    sums = (
      (sums?.count ?? 0) + 1, sums.map { $0.means + posterior.mean } ?? posterior.mean,
      sums.map { $0.squares + squares } ?? squares
    )
  }

  /// The normal distribution of the mean and the variance of all encodings of a row's image in the corrected sweeps.
  private func encodings(at row: Int) -> DiagonalGaussian {
    guard let sums else { preconditionFailure("a chain without corrected sweeps") }
    let scale = 1 / Float(sums.count)
    let mean = sums.means.sliced(row..<row + 1, axis: 0) * scale
    let variance = sums.squares.sliced(row..<row + 1, axis: 0) * scale - mean.squared()
    return DiagonalGaussian(mean: mean, logVariance: variance.clamped(1e-6, 1e6).log())
  }

  /// Estimates of log p(missing | known) for images of which the known pixels are those of the chain's rows.
  ///
  /// - Parameters:
  ///   - images: one for each of some rows; nil for those without a hole, which is certain.
  ///   - annealing: steps that p(known) is estimated by; 0: importance sampling.
  func logConditionals(of images: [[Float]?], annealing: Int) -> [Double] {
    let rows = images.indices.filter { images[$0] != nil }
    let annealed =
      annealing == 0 || rows.isEmpty
      ? nil
      : KnownPixelAnnealing.logEvidences(
        model, rows.map { requests[$0] },
        proposals: DiagonalGaussian.rows(rows.map { encodings(at: $0) }), steps: annealing, pass)
    var found = [Double](repeating: 0, count: images.count)
    for (place, row) in rows.enumerated() {
      guard let levels = images[row] else { continue }
      let request = requests[row]
      let shape = model.shape
      let image = Tensor(levels, shape: [1, shape.height, shape.width, shape.channels])
      let random = request.random.with(purpose: .validation)
      let ofImage = model.posterior(
        of: ImageBatch(levels: image, labels: model.classCount > 0 ? [request.label] : nil), pass)
      let whole = model.logProbability(
        levels: image, label: request.label, proposals: ofImage, random, samples: imageSamples,
        isCounted: nil, pass)
      found[row] =
        whole
        - (annealed?[place]
          ?? model.logProbability(
            levels: image, label: request.label, proposals: encodings(at: row), random.derived(1),
            samples: knownSamples, isCounted: request.missing.map { !$0 }, pass))
    }
    return found
  }
}
