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
  private(set) var images: [[Float]]
  /// Sums over the corrected sweeps of what the images were encoded to: means, and their squares with the variances.
  private var sums: (count: Int, means: Tensor, squares: Tensor)?
  private var latents: Tensor
  /// The pixel distributions at the present latents.
  private var parameters: Tensor

  init(_ model: Model, _ requests: [CompletionRequest], temperature: Float, _ pass: Pass) {
    self.model = model
    self.requests = requests
    self.temperature = temperature
    self.pass = pass
    labels = requests.map(\.label)
    images = requests.map(\.levels)
    latents = model.priorDraws(
      requests.map { SampleRequest(label: $0.label, random: $0.random) }, temperature: temperature)
    parameters = model.pixelParameters(latents: latents, labels: labels, pass)
    drawMissing(round: 0)
  }

  private mutating func drawMissing(round: Int) {
    for (index, request) in requests.enumerated() {
      model.distribution.draw(
        image: index, of: parameters, request.random, round: round, temperature: temperature,
        channels: model.shape.channels, where: request.missing, into: &images[index])
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
    let proposedParameters = model.pixelParameters(latents: proposed, labels: labels, pass)
    if isCorrected {
      let new = logWeights(proposed, proposedParameters, batch, posterior, round: 2 * round)
      let old = logWeights(latents, parameters, batch, posterior, round: 2 * round + 1)
      let accepted = requests.indices.map { index in
        Double(log(random[index].with(purpose: .validation).uniform(round)))
          < Double(new[index]) - Double(old[index])
      }
      latents = Self.rows(of: proposed, where: accepted, else: latents)
      parameters = Self.rows(of: proposedParameters, where: accepted, else: parameters)
    } else {
      (latents, parameters) = (proposed, proposedParameters)
    }
    drawMissing(round: round)
  }

  /// log p(x | z) p(z) / q(z | x) of each image.
  private func logWeights(
    _ latents: Tensor, _ parameters: Tensor, _ batch: ImageBatch, _ posterior: DiagonalGaussian,
    round: Int
  ) -> [Float] {
    let losses = model.distribution.negativeLogLikelihood(
      parameters: parameters, levels: batch.levels
    ).sum(axes: [1, 2])
    let sources = requests.map { $0.random.derived(round) }
    let priors = model.logPriors(latents: latents, labels: labels, random: sources)
    return (priors - losses - posterior.logDensity(latents)).values
  }

  private static func rows(of new: Tensor, where isNew: [Bool], else old: Tensor) -> Tensor {
    let size = new.count / isNew.count
    return Tensor(shape: new.shape) { target in
      new.withValues { new in
        old.withValues { old in
          for (row, takesNew) in isNew.enumerated() {
            for i in row * size..<(row + 1) * size { target[i] = takesNew ? new[i] : old[i] }
          }
        }
      }
    }
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

  /// An estimate of log p(missing | known) for an image of which the known pixels are those of the chain's row.
  func logConditional(of levels: [Float], at row: Int) -> Double {
    let request = requests[row]
    let shape = model.shape
    let image = Tensor(levels, shape: [1, shape.height, shape.width, shape.channels])
    let random = request.random.with(purpose: .validation)
    let ofImage = model.posterior(
      of: ImageBatch(levels: image, labels: model.classCount > 0 ? [request.label] : nil), pass)
    let whole = model.logProbability(
      levels: image, label: request.label, proposals: ofImage, random, samples: imageSamples,
      isCounted: nil, pass)
    let known = model.logProbability(
      levels: image, label: request.label, proposals: encodings(at: row), random.derived(1),
      samples: knownSamples, isCounted: request.missing.map { !$0 }, pass)
    return whole - known
  }
}
