import Models
import Tensors
import TestSupport
import Testing

/// The laws of holes that are filled by particles.
@Suite(.serialized) struct ParticleLaws {
  /// Models of which every image can be counted, holes that come last in no order among them.
  static let countable =
    ZooInstance.enumerable.filter { $0.model == "pixelcnn" && $0.shape.levels <= 3 }
    + ZooInstance.ordered

  /// Nine pixels, so that particles are resampled more than once.
  static let larger = Zoo.models.filter { $0 is any Autoregressive.Type }.map {
    ZooInstance($0, shape: ImageShape(height: 3, width: 3, channels: 1, levels: 2))
  }

  @Test(arguments: ZooInstance.autoregressive)
  func copiedImagesGoOnAsTheirSources(_ zoo: ZooInstance) throws {
    let breaches = try Laws.copiedImagesGoOnAsTheirSources(zoo, .float32, tolerance: 1e-5)
    #expect(breaches == [])
  }

  @Test(.enabled(if: ElementType.fastest != .float32), arguments: ZooInstance.autoregressive)
  func copiedImagesGoOnInBfloat16(_ zoo: ZooInstance) throws {
    let breaches = try Laws.copiedImagesGoOnAsTheirSources(zoo, .bfloat16, tolerance: 0.05)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.autoregressive)
  func particlesDependOnRequestAlone(_ zoo: ZooInstance) throws {
    let breaches = try Laws.particlesDependOnRequestAlone(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: countable + larger)
  func particlesApproachPosterior(_ zoo: ZooInstance) throws {
    let breaches = try Laws.particlesApproachPosterior(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: countable + larger)
  func particleCompletionsFollowPosterior(_ zoo: ZooInstance) throws {
    let breaches = try Laws.particleCompletionsFollowPosterior(zoo)
    #expect(breaches == [])
  }

  /// What particles are for: heeding the known pixels brings fillings nearer to the truth than ignoring them.
  @Test func particlesHeedWhatComesLater() throws {
    let zoo = try #require(Self.larger.first)
    let model = try #require(zoo.shaken(deviation: 0.5).model as? any Autoregressive)
    let missing = (0..<9).map { $0 < 4 }
    let images = 0..<200
    func meanLikelihood(_ filling: OrderedFilling) -> Double {
      // What a true image's hole holds is likelier where what comes after it is heeded.
      let truths = model.samples(
        images.map {
          SampleRequest(label: nil, random: RandomSource(seed: 5, purpose: .sampling).at($0))
        }, temperature: 1, Pass())
      let scores = model.conditionalScores(
        images.map { index in
          ConditionalRequest(
            levels: truths[index].levels, missing: missing,
            common: RandomSource(seed: 6, purpose: .sampling).at(index))
        }, filling, Pass())
      return scores.reduce(0, +) / Double(scores.count)
    }
    let blind = meanLikelihood(OrderedFilling(.ordered))
    let heeding = meanLikelihood(OrderedFilling(.particles, particles: 512))
    #expect(heeding > blind + 0.1)
  }

  @Test func systematicResamplingIsFairAndKeepsSurvivors() {
    let weights = [0.05, 0.4, 0, 0.3, 0.02, 0.13, 0.1]
    var counts = [Double](repeating: 0, count: weights.count)
    let rounds = 1000
    for round in 0..<rounds {
      let uniform = (Double(round) + 0.5) / Double(rounds)
      let sources = SystematicResampling.sources(weights: weights, uniform: uniform)
      #expect(sources.allSatisfy { sources[$0] == $0 })
      for source in sources { counts[source] += 1 / Double(rounds) }
      for (particle, weight) in weights.enumerated() {
        let places = Double(sources.count { $0 == particle })
        #expect(abs(places - 7 * weight) < 1.0001)
      }
    }
    #expect(zip(counts, weights).allSatisfy { abs($0 - 7 * $1) < 0.01 })
  }
}
