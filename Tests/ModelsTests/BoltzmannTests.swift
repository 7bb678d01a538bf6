import Layers
import Models
import Platform
import Tensors
import TestSupport
import Testing

/// Restricted Boltzmann machines against sums over every image and every class.
@Suite(.serialized) struct BoltzmannTests {
  private static let shape = ImageShape(height: 2, width: 3, channels: 1, levels: 2)

  private static func instance(
    hidden: Int, classCount: Int, deviation: Float = 0.6, _ settings: [String: String] = [:]
  ) throws -> (ModelInstance, any AnnealedScoring & Completing & Sampling, Energies) {
    let zoo = ZooInstance(
      RestrictedBoltzmannMachine.self, settings.merging(["hidden": "\(hidden)"]) { $1 },
      shape: shape, classCount: classCount)
    let instance = try zoo.shaken(deviation: deviation)
    let model = try #require(instance.model as? RestrictedBoltzmannMachine)
    return (instance, model, Energies(instance.store, classCount: classCount))
  }

  @Test(arguments: [0, 2], [4, 20])
  func normalizersAreThoseByCounting(_ classCount: Int, _ hidden: Int) throws {
    let (_, model, energies) = try Self.instance(hidden: hidden, classCount: classCount)
    #expect((model.scoreKind == .exact) == (hidden == 4))
    for label in [nil] + (0..<classCount).map({ $0 }) {
      let counted = energies.logNormalizer(label)
      for direction in [AnnealingDirection.forward, .reverse] {
        let estimate = model.logNormalizer(label: label, direction)
        #expect(estimate.standardError < 0.05)
        #expect(abs(estimate.value - counted) < 4 * estimate.standardError + 2e-4)
      }
    }
  }

  /// Not only its value: the error that it states is of the right size.
  @Test func scoresAreThoseByCounting() throws {
    let (_, model, energies) = try Self.instance(hidden: 20, classCount: 2)
    let labels: [Int?] = [nil, 0, 1]
    let images = Energies.images(6)
    for label in labels {
      let batch = ImageBatch(
        images.map { $0.map { Float($0) } }, labels: images.map { _ in label }, shape: Self.shape)
      let scores = model.scores(batch, Pass())
      #expect(abs(scores.reduce(0) { $0 + exp($1) } - 1) < 0.02)
      for (image, score) in zip(images, scores) {
        let counted = energies.logWeight(image, label) - energies.logNormalizer(label)
        #expect(abs(score - counted) < 0.02)
      }
    }
  }

  @Test(arguments: [nil, 1] as [Int?])
  func holesAreScoredAsByCounting(_ label: Int?) throws {
    let (_, model, energies) = try Self.instance(hidden: 20, classCount: 2)
    let missing = [true, false, true, true, false, false]
    let completer = try Completer(model)
    #expect(!completer.outlook(missing).isScoreExact)
    let image = [1.0, 0, 0, 1, 1, 0]
    let evidence = logSumExp(
      Energies.images(6).filter { other in
        other.indices.allSatisfy { missing[$0] || other[$0] == image[$0] }
      }.map { energies.logWeight($0, label) })
    let score = completer.conditionalScores(
      [ConditionalRequest(levels: image.map { Float($0) }, missing: missing, label: label)], Pass())[
        0]
    #expect(abs(score - (energies.logWeight(image, label) - evidence)) < 0.15)
  }

  /// Images of known class teach the joint probability of image and class; chains from the images do so too when they are long.
  @Test(arguments: [
    [:], ["centring": "moving"], ["start": "images", "sweeps": "60"],
    ["start": "images", "sweeps": "60", "centring": "moving"], ["temperatures": "3"],
  ])
  func labelledGradientsAreThoseOfTheJointLikelihood(_ settings: [String: String]) throws {
    let (instance, _, _) = try Self.instance(
      hidden: 4, classCount: 2, deviation: 0.4, settings)
    let zoo = ZooInstance(
      RestrictedBoltzmannMachine.self, shape: Self.shape, classCount: 2)
    let batch = zoo.batch(6)
    let images = batch.levels.values.map(Double.init)
    let breaches = Laws.gradientEstimatesAreUnbiased(instance, batch) {
      let energies = Energies(instance.store, classCount: 2)
      let total = energies.logNormalizer(nil)
      return (0..<6).reduce(0.0) { sum, index in
        sum + total
          - energies.logWeight(Array(images[index * 6..<(index + 1) * 6]), batch.labels[index])
      } / 6
    }
    #expect(breaches == [])
  }

  /// Contrastive divergence of one sweep is biased, and the comparison above sees it.
  @Test func shortChainsFromImagesAreBiased() throws {
    let (instance, model, _) = try Self.instance(
      hidden: 4, classCount: 0, deviation: 1, ["start": "images"])
    let batch = ImageBatch(
      [[1, 1, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0]].map { $0.map(Float.init) }, shape: Self.shape)
    let breaches = Laws.gradientEstimatesAreUnbiased(instance, batch) {
      -model.scores(batch, Pass()).reduce(0, +) / 2
    }
    #expect(breaches != [])
  }

  /// Chains that are swapped among temperatures, and centred units, leave the distribution as it is.
  @Test(arguments: [["temperatures": "4"], ["temperatures": "4", "centring": "moving"]])
  func temperedChainsAreAsFrequentAsProbable(_ settings: [String: String]) throws {
    let (instance, model, _) = try Self.instance(
      hidden: 4, classCount: 0, deviation: 1,
      settings.merging(["chains": "2000", "sweeps": "40"]) { $1 })
    let machine = try #require(model as? RestrictedBoltzmannMachine)
    let all = Enumeration(model, label: nil)
    let batch = ZooInstance(RestrictedBoltzmannMachine.self, shape: Self.shape).batch(4)
    var counts = [Int](repeating: 0, count: all.images.count)
    for round in 0..<5 {
      machine.updateState(
        after: batch,
        Pass(noise: RandomSource(seed: 3, purpose: .particles).at(round), step: round + 1))
      let states = try #require(instance.store.states.first { $0.name == "chains" }).value.values
      for chain in 0..<2000 {
        counts[states[chain * 6..<chain * 6 + 6].reduce(0) { $0 * 2 + Int($1) }] += 1
      }
    }
    let breach = ChiSquare.breach(
      counts: counts, probabilities: all.logProbabilities.map { exp($0) })
    #expect(breach == nil)
    let centred = instance.store.states.first { $0.name == "offsets.visible" }
    #expect((centred == nil) == (settings["centring"] == nil))
  }

  /// Offsets that move leave every likelihood as it was.
  @Test func movingOffsetsChangeNoLikelihood() throws {
    let (instance, model, _) = try Self.instance(
      hidden: 4, classCount: 2, ["centring": "moving"])
    let machine = try #require(model as? RestrictedBoltzmannMachine)
    let batch = ZooInstance(
      RestrictedBoltzmannMachine.self, shape: Self.shape, classCount: 2
    ).batch(6)
    let before = model.scores(batch, Pass())
    let offsets = try #require(instance.store.states.first { $0.name == "offsets.hidden" })
    let start = offsets.value.values
    for step in 1..<50 {
      machine.updateState(
        after: batch, Pass(noise: RandomSource(seed: 3, purpose: .particles), step: step))
    }
    #expect(zip(start, offsets.value.values).contains { abs($0 - $1) > 0.02 })
    for (before, after) in zip(before, model.scores(batch, Pass())) {
      #expect(abs(before - after) < 1e-4)
    }
  }

  /// A temperature divides energies: samples are those of a machine of divided parameters.
  @Test(arguments: [0.5, 2] as [Float])
  func temperatureDividesEnergies(_ temperature: Float) throws {
    let (instance, model, _) = try Self.instance(hidden: 4, classCount: 0)
    let requests = (0..<20_000).map { index in
      SampleRequest(label: nil, random: RandomSource(seed: 14, purpose: .sampling).at(index))
    }
    let drawn = model.samples(requests, temperature: Temperature(temperature), Pass()).map(\.levels)
    for parameter in instance.store.parameters {
      parameter.assign(parameter.value.detached * (1 / temperature))
    }
    let all = Enumeration(model, label: nil)
    var counts = [Int](repeating: 0, count: all.images.count)
    for image in drawn { counts[image.reduce(0) { $0 * 2 + Int($1) }] += 1 }
    let breach = ChiSquare.breach(
      counts: counts, probabilities: all.logProbabilities.map { exp($0) })
    #expect(breach == nil)
  }

  @Test func imagesOfMoreLevelsAreRefused() {
    let error = #expect(throws: ModelError.self) {
      try ModelInstance(
        named: "rbm", shape: ImageShape(height: 2, width: 2, channels: 1, levels: 4), classCount: 0)
    }
    #expect(error?.description.contains("--levels 2") ?? false)
  }
}

/// Energies by the formula, in float64.
struct Energies {
  let weight, hiddenBias, visibleBias, classWeight, classBias: [Double]
  let classCount: Int

  init(_ store: ParameterStore, classCount: Int) {
    func values(_ name: String) -> [Double] { store[name]?.value.values.map(Double.init) ?? [] }
    func offsets(_ name: String, _ count: Int) -> [Double] {
      store.states.first { $0.name == "offsets.\(name)" }?.value.values.map(Double.init)
        ?? [Double](repeating: 0, count: count)
    }
    let (weight, classWeight) = (values("weight"), values("class_weight"))
    let (hiddenBias, visibleBias) = (values("hidden_bias"), values("visible_bias"))
    let (hidden, visible) = (hiddenBias.count, visibleBias.count)
    let (alpha, beta) = (offsets("hidden", hidden), offsets("visible", visible))
    self.weight = weight
    self.classWeight = classWeight
    self.hiddenBias = (0..<hidden).map { unit in
      (0..<visible).reduce(hiddenBias[unit]) { $0 - weight[unit * visible + $1] * beta[$1] }
    }
    self.visibleBias = (0..<visible).map { place in
      (0..<hidden).reduce(visibleBias[place]) { $0 - weight[$1 * visible + place] * alpha[$1] }
    }
    classBias = values("class_bias").enumerated().map { label, bias in
      (0..<hidden).reduce(bias) { $0 - classWeight[label * hidden + $1] * alpha[$1] }
    }
    self.classCount = classCount
  }

  static func images(_ size: Int) -> [[Double]] {
    (0..<1 << size).map { number in (0..<size).map { Double(number >> $0 & 1) } }
  }

  /// -F(v, y), or -F(v) of any class.
  func logWeight(_ image: [Double], _ label: Int?) -> Double {
    guard classCount > 0 else { return logWeight(image, nil, bias: 0) }
    guard let label else {
      return logSumExp((0..<classCount).map { logWeight(image, $0, bias: classBias[$0]) })
    }
    return logWeight(image, label, bias: classBias[label])
  }

  private func logWeight(_ image: [Double], _ label: Int?, bias: Double) -> Double {
    let hidden = hiddenBias.count
    return (0..<hidden).reduce(bias + zip(image, visibleBias).reduce(0) { $0 + $1.0 * $1.1 }) {
      sum, unit in
      var pulled = hiddenBias[unit] + (label.map { classWeight[$0 * hidden + unit] } ?? 0)
      for place in image.indices { pulled += weight[unit * image.count + place] * image[place] }
      return sum + log(1 + exp(pulled))
    }
  }

  func logNormalizer(_ label: Int?) -> Double {
    logSumExp(Self.images(visibleBias.count).map { logWeight($0, label) })
  }
}
