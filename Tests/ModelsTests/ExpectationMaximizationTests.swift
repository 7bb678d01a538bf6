import Layers
import Models
import Platform
import Tensors
import TestSupport
import Testing

/// The learning of mixtures.
@Suite(.serialized) struct ExpectationMaximizationTests {
  private static let shapes = [
    ImageShape(height: 5, width: 6, channels: 1, levels: 2),
    ImageShape(height: 5, width: 4, channels: 3, levels: 40),
  ].flatMap { shape in
    [0, 3].map { ZooInstance(Mixture.self, ["components": "6"], shape: shape, classCount: $0) }
  }

  @Test(arguments: shapes)
  func noIterationLowersTheObjective(_ zoo: ZooInstance) throws {
    let model = try #require(try zoo.fresh().model as? Mixture)
    let learner = MixtureLearner(zoo.batch(80, unknownLabels: true), of: model)
    var estimate = learner.start(seed: 3, restart: 0)
    var objectives: [Double] = []
    for _ in 0..<25 {
      let (next, objective) = learner.improved(estimate)
      objectives.append(objective)
      estimate = next
    }
    for (before, after) in zip(objectives, objectives.dropFirst()) {
      #expect(after >= before - 1e-6 * abs(before))
    }
    #expect(objectives[24] > objectives[0] + 10)
  }

  /// Without pseudo-counts to speak of, the objective is the images' log-likelihood.
  @Test func objectiveIsTheLogLikelihood() throws {
    let zoo = ZooInstance(
      Mixture.self, ["smoothing": "0.001", "components": "2"],
      shape: ImageShape(height: 3, width: 3, channels: 1, levels: 2))
    let instance = try zoo.fresh()
    let model = try #require(instance.model as? Mixture)
    let batch = zoo.batch(500)
    model.fit { $0(batch) }
    let learner = MixtureLearner(batch, of: model)
    let estimate = try #require(learner.learnt(restarts: 3, iterations: 100, seed: 1))
    let total = model.scores(batch, Pass()).reduce(0, +)
    #expect(abs(learner.improved(estimate).objective - total) < 0.5)
  }

  @Test func aPlantedMixtureIsFound() throws {
    let (batch, truth) = planted(800)
    let instance = try ModelInstance(
      named: "mixture", settings: ["components": "4", "restarts": "6"],
      shape: ImageShape(height: 8, width: 8, channels: 1, levels: 2), classCount: 0)
    try #require(instance.model as? Mixture).fit { $0(batch) }
    let logs = try #require(instance.store["log_probability"]).value.values
    let weights = try #require(instance.store["log_weight"]).value.values.map(expf)
    let found = (0..<4).map { k in (0..<64).map { expf(logs[($0 * 2 + 1) * 4 + k]) } }
    var matched: Set<Int> = []
    for (k, prototype) in truth.enumerated() {
      let differences = found.map { one in
        zip(one, prototype).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
      }
      let best = try #require(differences.indices.min { differences[$0] < differences[$1] })
      matched.insert(best)
      #expect(differences[best] < 0.15)
      #expect(abs(weights[best] - [0.4, 0.3, 0.2, 0.1][k]) < 0.04)
    }
    #expect(matched.count == 4)
  }

  @Test func restartsChooseTheBest() throws {
    let (batch, _) = planted(300)
    let instance = try ModelInstance(
      named: "mixture", settings: ["components": "4"],
      shape: ImageShape(height: 8, width: 8, channels: 1, levels: 2), classCount: 0)
    let learner = MixtureLearner(batch, of: try #require(instance.model as? Mixture))
    var better = 0
    for seed in 0..<8 {
      // What the trials are compared by: the objective of the estimate before each one's last.
      let last = (0..<5).map { restart in
        var estimate = learner.start(seed: UInt64(seed), restart: restart)
        var objective = 0.0
        for _ in 0..<MixtureFitter.trialIterations {
          (estimate, objective) = learner.improved(estimate)
        }
        return objective
      }
      let chosen = try #require(
        learner.learnt(
          restarts: 5, iterations: MixtureFitter.trialIterations, seed: UInt64(seed)))
      let objective = learner.improved(chosen).objective
      let best = last.max() ?? 0
      #expect(objective >= best - 1e-6 * abs(best))
      if best > last[0] + 10 { better += 1 }
    }
    #expect(better > 0)
  }

  @Test(arguments: shapes)
  func threadsDoNotMatter(_ zoo: ZooInstance) throws {
    let present = ThreadPool.threads
    defer { ThreadPool.threads = present }
    let fits = try [1, 3].map { threads in
      ThreadPool.threads = threads
      let instance = try zoo.fresh()
      try #require(instance.model as? Mixture).fit { $0(zoo.batch(200)) }
      return instance.store.parameters.map(\.value.values)
    }
    #expect(fits[0] == fits[1])
  }

  @Test func passesAreBoundedAndNothingIsSetBeforeTheEnd() throws {
    let zoo = Self.shapes[0]
    let model = try #require(try zoo.fresh().model as? Mixture)
    let batch = zoo.batch(100)
    model.fit { $0(batch) }
    let scores = model.scores(batch, Pass())
    let fitter = model.fitter { $0(zoo.batch(100, seed: 8)) }
    var losses: [Double] = []
    while let loss = fitter.makePass() { losses.append(loss) }
    #expect((1...fitter.mostPasses).contains(losses.count))
    #expect(losses.filter { !$0.isFinite } == [])
    #expect(model.scores(batch, Pass()) == scores)
    fitter.finish()
    #expect(model.scores(batch, Pass()) != scores)
  }

  /// Images of unknown class teach the components: with them, images of a class with few labels are likelier.
  @Test func imagesWithoutALabelTeachToo() throws {
    let (batch, _) = planted(600)
    let labels = (0..<600).map { $0 < 8 ? $0 % 2 : nil }
    func fitted(_ count: Int) throws -> Mixture {
      let instance = try ModelInstance(
        named: "mixture", settings: ["components": "4", "restarts": "4"],
        shape: ImageShape(height: 8, width: 8, channels: 1, levels: 2), classCount: 2)
      let model = try #require(instance.model as? Mixture)
      model.fit {
        $0(
          ImageBatch(
            levels: batch.levels.sliced(0..<count, axis: 0), labels: Array(labels[..<count])))
      }
      return model
    }
    let (others, _) = planted(200, seed: 77)
    let (few, all) = try (fitted(8), fitted(600))
    func nats(_ model: Mixture) -> Double {
      -model.scores(others, Pass()).reduce(0, +) / 200
    }
    #expect(nats(all) < nats(few) - 5)
  }

  /// Images of four prototypes, weights 0.4, 0.3, 0.2 and 0.1, and the probability of a white pixel in each.
  private func planted(_ count: Int, seed: UInt64 = 5) -> (ImageBatch, [[Float]]) {
    let truth = (0..<4).map { k in
      RandomSource(seed: 1, purpose: .testing, index: UInt64(k)).uniforms(64)
        .map { $0 < 0.5 ? Float(0.1) : 0.9 }
    }
    let levels = (0..<count).flatMap { image -> [Float] in
      let draws = RandomSource(seed: seed, purpose: .testing, index: UInt64(100 + image))
        .uniforms(65)
      let k = draws[64] < 0.4 ? 0 : draws[64] < 0.7 ? 1 : draws[64] < 0.9 ? 2 : 3
      return (0..<64).map { draws[$0] < truth[k][$0] ? 1 : 0 }
    }
    return (ImageBatch(levels: Tensor(levels, shape: [count, 8, 8, 1])), truth)
  }
}
