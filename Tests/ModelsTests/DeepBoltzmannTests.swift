import Layers
import Models
import Platform
import Tensors
import TestSupport
import Testing

/// Deep Boltzmann machines against sums over every image, every state of the second layer and every class.
@Suite(.serialized) struct DeepBoltzmannTests {
  private static let shape = ImageShape(height: 2, width: 2, channels: 1, levels: 2)
  private static let second = 3

  private static func instance(
    hidden: Int, classCount: Int, deviation: Float = 0.6, _ settings: [String: String] = [:]
  ) throws -> (ModelInstance, DeepBoltzmannMachine) {
    let zoo = ZooInstance(
      DeepBoltzmannMachine.self,
      settings.merging(["hidden": "\(hidden)", "second": "\(second)"]) { $1 }, shape: shape,
      classCount: classCount)
    let instance = try zoo.shaken(deviation: deviation)
    return (instance, try #require(instance.model as? DeepBoltzmannMachine))
  }

  /// log Σ exp(-E) of an image over both layers, and the classes where none is given.
  private static func logWeight(_ energies: Energies, _ image: [Double], _ label: Int?) -> Double {
    logSumExp(Energies.images(second).map { energies.logWeight(image + $0, label) })
  }

  @Test(arguments: [0, 2], [4, 20])
  func normalizersAreThoseByCounting(_ classCount: Int, _ hidden: Int) throws {
    let (instance, model) = try Self.instance(hidden: hidden, classCount: classCount)
    let energies = Energies(instance.store, classCount: classCount)
    #expect(
      model.scoreKind == (hidden == 4 ? .lowerBound : .annealedBound(chains: 128)))
    for label in [nil] + (0..<classCount).map({ $0 }) {
      let counted = energies.logNormalizer(label)
      for direction in [AnnealingDirection.forward, .reverse] {
        let estimate = model.logNormalizer(label: label, direction)
        #expect(estimate.standardError < 0.05)
        #expect(abs(estimate.value - counted) < 4 * estimate.standardError + 5e-4)
      }
    }
  }

  /// Bounds lie below log-likelihoods, and not far where weights are small.
  @Test(arguments: ["none", "moving"], [nil, 1] as [Int?])
  func boundsLieBelowLikelihoods(_ centring: String, _ label: Int?) throws {
    let (instance, model) = try Self.instance(
      hidden: 4, classCount: 2, deviation: 0.8, ["centring": centring])
    let energies = Energies(instance.store, classCount: 2)
    let images = Energies.images(4)
    let batch = ImageBatch(
      images.map { $0.map(Float.init) }, labels: images.map { _ in label }, shape: Self.shape)
    let gaps = zip(images, model.scores(batch, Pass())).map { image, score in
      Self.logWeight(energies, image, label) - energies.logNormalizer(label) - score
    }
    #expect(gaps.allSatisfy { $0 > -1e-4 })
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    #expect(mean > 1e-3 && mean < 0.5)
  }

  /// A label changes nothing of what others of the batch come to.
  @Test func imagesOfKnownClassAreTheSameBesideOthers() throws {
    let (_, model) = try Self.instance(hidden: 4, classCount: 2)
    let images = Energies.images(4)[..<4].map { $0.map(Float.init) }
    func scores(_ labels: [Int?]) -> [Double] {
      model.scores(ImageBatch(images, labels: labels, shape: Self.shape), Pass())
    }
    let (known, mixed) = (scores([0, 1, 0, 1]), scores([0, 1, nil, 1]))
    for index in [0, 1, 3] { #expect(abs(known[index] - mixed[index]) < 1e-5) }
    #expect(known[2] != mixed[2])
  }

  /// The mean of estimated gradients is the slope of the bound.
  @Test(arguments: ["none", "moving"])
  func gradientsAreThoseOfTheBound(_ centring: String) throws {
    let (instance, model) = try Self.instance(
      hidden: 4, classCount: 0, deviation: 0.4, ["centring": centring, "updates": "50"])
    let batch = ZooInstance(DeepBoltzmannMachine.self, shape: Self.shape).batch(6)
    let breaches = Laws.gradientEstimatesAreUnbiased(instance, batch) {
      -model.scores(batch, Pass()).reduce(0, +) / 6
    }
    #expect(breaches == [])
  }

  /// Samples are as frequent as counting says, those of a class too.
  @Test(arguments: [nil, 1] as [Int?])
  func samplesAreAsFrequentAsProbable(_ label: Int?) throws {
    let (instance, model) = try Self.instance(hidden: 4, classCount: label == nil ? 0 : 2)
    let energies = Energies(instance.store, classCount: label == nil ? 0 : 2)
    let images = Energies.images(4)
    let logWeights = images.map { Self.logWeight(energies, $0, label) }
    let total = logSumExp(logWeights)
    let requests = (0..<20_000).map { index in
      SampleRequest(label: label, random: RandomSource(seed: 15, purpose: .sampling).at(index))
    }
    var counts = [Int](repeating: 0, count: images.count)
    for sample in model.samples(requests, temperature: Temperature(1), Pass()) {
      counts[sample.levels.enumerated().reduce(0) { $0 + Int($1.element) << $1.offset }] += 1
    }
    #expect(
      ChiSquare.breach(counts: counts, probabilities: logWeights.map { exp($0 - total) }) == nil)
  }
}
