import Models
import Tensors

/// What was drawn for a place.
struct DrawnSample: Sendable {
  /// The levels of the image.
  let levels: [Float]
  /// log p(image | class) in nats; nil where the model has no likelihood.
  var logLikelihood: Double?
  /// p(label | image), where that is asked for.
  var labelProbability: Double?
  /// Where it was drawn, where that is around originals.
  var point: LatentNeighbourhood.Point?
}

/// Draws samples from a model, and scores them.
struct SampleSource: Sendable {
  let model: any Sampling
  let check: LabelCheck?
  let options: AugmentationOptions
  /// Where latent points are drawn; nil: from the model's prior.
  var neighbourhood: LatentNeighbourhood?
  private let pass: Pass

  init(_ model: any Sampling, _ check: LabelCheck?, _ options: AugmentationOptions) {
    self.model = model
    self.check = check
    self.options = options
    pass = Pass(options.precision)
  }

  /// What the log-likelihoods are; nil where the model has none.
  var scoreKind: ScoreKind? {
    if model is any Autoregressive { return .exact }
    guard let model = model as? any Scoring else { return nil }
    let shape = model.shape
    let black = Tensor(
      repeating: 0, shape: [tileSize, shape.height, shape.width, shape.channels])
    return model.scores(batch(black, [Int?](repeating: nil, count: tileSize)), pass).kind
  }

  /// Draws a sample for each place; the n-th depends on the n-th place alone.
  func draw(_ places: [SamplePlace]) -> [DrawnSample] {
    var samples = levels(places)
    let tiles = (places.count + tileSize - 1) / tileSize
    guard check != nil || samples.contains(where: { $0.logLikelihood == nil }) else {
      return samples
    }
    let judged = ThreadPool.map(tiles) { [samples] tile in
      let range = tile * tileSize..<min(places.count, (tile + 1) * tileSize)
      return judge(Array(samples[range]), labels: places[range].map(\.label))
    }
    samples = judged.flatMap { $0 }
    return samples
  }

  private func levels(_ places: [SamplePlace]) -> [DrawnSample] {
    let size = model.shape.dimensionCount
    if let model = model as? any Autoregressive {
      // What draws pixel by pixel knows the image's probability at its end.
      let empty = [Float](repeating: 0, count: size)
      let all = [Bool](repeating: true, count: model.shape.pixelCount)
      return model.completions(
        places.map {
          CompletionRequest(
            levels: empty, missing: all, label: $0.label, random: $0.random(seed: options.seed))
        }, temperature: options.temperature, pass
      ).map { DrawnSample(levels: $0.levels, logLikelihood: $0.logLikelihood) }
    }
    if let model = model as? any LatentVariable, let neighbourhood {
      return levels(places, model, neighbourhood)
    }
    let values = model.samples(
      places.map { SampleRequest(label: $0.label, random: $0.random(seed: options.seed)) },
      temperature: options.temperature, pass
    ).values
    return places.indices.map {
      DrawnSample(levels: Array(values[$0 * size..<($0 + 1) * size]))
    }
  }

  /// Draws an image for each place from a latent point around originals.
  private func levels(
    _ places: [SamplePlace], _ model: any LatentVariable, _ neighbourhood: LatentNeighbourhood
  ) -> [DrawnSample] {
    let size = model.shape.dimensionCount
    let random = places.map { $0.random(seed: options.seed) }
    let points = zip(places, random).map { neighbourhood.point($0, $1) }
    let values = model.samples(
      zip(places, random).map { SampleRequest(label: $0.label, random: $1) },
      latents: Tensor(points.flatMap(\.latents), shape: [places.count, model.latentCount]),
      temperature: options.temperature, pass
    ).values
    return points.enumerated().map { place, point in
      DrawnSample(levels: Array(values[place * size..<(place + 1) * size]), point: point)
    }
  }

  /// Scores a tile on the calling thread.
  ///
  /// The model always sees `tileSize` images, because rounding can depend on their number.
  private func judge(_ samples: [DrawnSample], labels: [Int?]) -> [DrawnSample] {
    let shape = model.shape
    let size = shape.dimensionCount
    let levels = Tensor(shape: [tileSize, shape.height, shape.width, shape.channels]) { buffer in
      buffer.update(repeating: 0)
      for (image, sample) in samples.enumerated() {
        for (place, level) in sample.levels.enumerated() { buffer[image * size + place] = level }
      }
    }
    let padded = labels + [Int?](repeating: labels[0], count: tileSize - labels.count)
    var judged = samples
    if samples[0].logLikelihood == nil, let model = model as? any Scoring {
      let scores = model.scores(batch(levels, padded), pass).logLikelihoods
      for image in judged.indices { judged[image].logLikelihood = scores[image] }
    }
    if let check {
      let probabilities = check.probabilities(levels, labels: padded.map { $0 ?? 0 })
      for image in judged.indices { judged[image].labelProbability = probabilities[image] }
    }
    return judged
  }

  private func batch(_ levels: Tensor, _ labels: [Int?]) -> ImageBatch {
    ImageBatch(levels: levels, labels: model.classCount > 0 ? labels : nil)
  }
}
