import Models
import Platform
import Tensors

extension Laws {
  /// Particles estimate p(known pixels) without bias, however few they are; and what many of them weigh is
  /// p(image | known pixels), both by counting all images.
  public static func particlesApproachPosterior(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken(deviation: 0.4).model as? any Autoregressive else {
      return ["not autoregressive"]
    }
    let label: Int? = zoo.classCount > 0 ? zoo.classCount - 1 : nil
    return holes(zoo.shape).filter { !$0.comesLast(in: model.orders, zoo.shape) }
      .flatMap { hole -> [String] in
        let truth = Posterior(model, zoo, hole.missing, label: label)
        func estimate(_ count: Int, _ number: Int) -> WeightedParticles {
          model.particles([truth.request(number)], count: count, Pass())[0]
        }
        return [
          truth.bias(of: (0..<600).map { estimate(1, $0).logEvidence }, particles: 1),
          truth.bias(of: (0..<300).map { estimate(12, $0).logEvidence }, particles: 12),
          truth.distance(of: estimate(3000, 0)),
        ].compactMap { $0 }.map { "\(hole.name): \($0)" }
      }
  }

  /// Completions drawn from particles, each from particles of its own, are as frequent as p(image | known pixels).
  public static func particleCompletionsFollowPosterior(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken(deviation: 0.4).model as? any Autoregressive else {
      return ["not autoregressive"]
    }
    let label: Int? = zoo.classCount > 0 ? 0 : nil
    return holes(zoo.shape).filter { !$0.comesLast(in: model.orders, zoo.shape) }
      .compactMap { hole -> String? in
        let truth = Posterior(model, zoo, hole.missing, label: label)
        let answers = model.completions(
          (0..<500).map { truth.request($0) }, OrderedFilling(.particles), temperature: 1, Pass())
        return truth.breach(of: answers.map(\.levels)).map { "\(hole.name): \($0)" }
      }
  }
}

/// The fillings of one hole and how probable they are, by counting all images that there are.
private struct Posterior {
  let known: [Float]
  let missing: [Bool]
  let label: Int?
  /// log p(known pixels after the first missing one | pixels before it).
  let logEvidence: Double
  /// p(image | known pixels).
  let probabilities: [[Float]: Double]

  init(_ model: any Autoregressive, _ zoo: ZooInstance, _ missing: [Bool], label: Int?) {
    let (shape, size) = (zoo.shape, zoo.shape.channels)
    self.missing = missing
    self.label = label
    known = zoo.batch(1, seed: 51).levels.values
    var images: [[Float]] = [[]]
    for _ in 0..<shape.dimensionCount {
      images = images.flatMap { image in (0..<shape.levels).map { image + [Float($0)] } }
    }
    let order = model.order(for: missing)
    let batch = ImageBatch(
      levels: Tensor(
        images.flatMap { $0 }, shape: [images.count, shape.height, shape.width, size]),
      labels: zoo.classCount > 0 ? [Int?](repeating: label, count: images.count) : nil)
    let scores = model.scores(batch, order: order, Pass())
    let taken = order.pixels(height: shape.height, width: shape.width)
    let prefix = Set(taken.prefix { !missing[$0] })
    var (before, all) = (0.0, 0.0)
    var fillings: [[Float]: Double] = [:]
    for (image, score) in zip(images, scores) {
      let agrees = { [known] (isAsked: (Int) -> Bool) in
        image.indices.allSatisfy { !isAsked($0 / size) || image[$0] == known[$0] }
      }
      if agrees({ prefix.contains($0) }) { before += exp(score) }
      if agrees({ !missing[$0] }) {
        all += exp(score)
        fillings[image] = exp(score)
      }
    }
    logEvidence = log(all) - log(before)
    probabilities = fillings.mapValues { $0 / all }
  }

  func request(_ number: Int) -> CompletionRequest {
    let random = RandomSource(seed: 77, purpose: .sampling).at(number)
    return CompletionRequest(
      levels: known, missing: missing, label: label, random: random,
      common: random.at(number + 1_000_000))
  }

  /// A sentence where the mean of estimates is more than five standard errors from the truth.
  func bias(of logEstimates: [Double], particles: Int) -> String? {
    let ratios = logEstimates.map { exp($0 - logEvidence) }
    let count = Double(ratios.count)
    let mean = ratios.reduce(0, +) / count
    let variance = ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    return abs(mean - 1) <= 5 * sqrt(variance / count) + 1e-4
      ? nil : "evidence by \(particles) particles is \(mean) of the truth in the mean"
  }

  /// A sentence where many particles are far from the truth.
  func distance(of particles: WeightedParticles) -> String? {
    var weights: [[Float]: Double] = [:]
    for (image, weight) in zip(particles.images, particles.weights) {
      weights[image, default: 0] += weight
    }
    let distance =
      probabilities.reduce(0) { $0 + abs($1.value - weights[$1.key, default: 0]) } / 2
    let error = abs(particles.logEvidence - logEvidence)
    // So many equal draws would be off by about this much.
    let expected = sqrt(Double(probabilities.count) / particles.effectiveSampleSize)
    return distance <= expected && error <= 0.25
      ? nil
      : "\(particles.weights.count) particles: off by \(distance), at most \(expected); "
        + "log evidence off by \(error)"
  }

  /// A sentence where images are not as frequent as they are probable.
  func breach(of images: [[Float]]) -> String? {
    let keys = probabilities.keys.sorted { $0.lexicographicallyPrecedes($1) }
    return ChiSquare.breach(
      counts: keys.map { key in images.count { $0 == key } },
      probabilities: keys.map { probabilities[$0, default: 0] })
  }
}
