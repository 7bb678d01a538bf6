import Models
import Tensors
import TestSupport
import Testing

/// What models with latent variables promise.
@Suite struct LatentLaws {
  @Test(arguments: ZooInstance.all.importanceScoring)
  func boundsLieBelowEstimates(_ zoo: ZooInstance) throws {
    let breaches = try Laws.boundsLieBelowEstimates(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.all.importanceScoring)
  func estimatesDependOnImageAlone(_ zoo: ZooInstance) throws {
    let breaches = try Laws.estimatesDependOnImageAlone(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.approximate)
  func chainsApproachConditional(_ zoo: ZooInstance) throws {
    // Chains of many steps: no more of them than their frequencies take.
    let hasSteps = (try? Completer(zoo.fresh().model, options: ["steps": "100"])) != nil
    let breaches = try Laws.chainsApproachConditional(zoo, count: hasSteps ? 104 : 160)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.annealing)
  func annealedChainsApproachConditional(_ zoo: ZooInstance) throws {
    let breaches = try Laws.chainsApproachConditional(zoo, options: ["annealing": "20"], count: 5)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.annealing)
  func annealingAgreesWithSampling(_ zoo: ZooInstance) throws {
    let breaches = try Laws.annealingAgreesWithSampling(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.all.latentVariable)
  func decoderSeesEarlierPixelsAlone(_ zoo: ZooInstance) throws {
    let breaches = try Laws.decoderSeesEarlierPixelsAlone(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: (ZooInstance.all + ZooInstance.narrow).latentVariable)
  func decoderStepperEqualsFullPass(_ zoo: ZooInstance) throws {
    let breaches = try Laws.decoderStepperEqualsFullPass(zoo, .float32, tolerance: 1e-5)
    #expect(breaches == [])
  }

  @Test(
    .enabled(if: ElementType.fastest != .float32),
    arguments: (ZooInstance.all + ZooInstance.narrow).latentVariable)
  func decoderStepperEqualsFullPassInBfloat16(_ zoo: ZooInstance) throws {
    let breaches = try Laws.decoderStepperEqualsFullPass(zoo, .bfloat16, tolerance: 0.05)
    #expect(breaches == [])
  }

  @Test(arguments: (ZooInstance.all + ZooInstance.narrow).encoding)
  func encodingsAreFeatures(_ zoo: ZooInstance) throws {
    let breaches = try Laws.encodingsAreFeatures(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: (ZooInstance.all + ZooInstance.narrow).decoding)
  func decodingsAreImages(_ zoo: ZooInstance) throws {
    let breaches = try Laws.decodingsAreImages(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.all.latentSampling)
  func drawingIsPointThenImage(_ zoo: ZooInstance) throws {
    let breaches = try Laws.drawingIsPointThenImage(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: (ZooInstance.all + ZooInstance.narrow).invertible)
  func decodingsInvertEncodings(_ zoo: ZooInstance) throws {
    let breaches = try Laws.decodingsInvertEncodings(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.all.invertible.filter { $0.shape.levels > 2 })
  func determinantIsThatOfJacobian(_ zoo: ZooInstance) throws {
    let breaches = try Laws.determinantIsThatOfJacobian(zoo)
    #expect(breaches == [])
  }
}

/// Laws that change the number of threads, one after another.
@Suite(.serialized) struct LatentRepeatabilityLaws {
  @Test(arguments: ZooInstance.all.encoding)
  func encodingsDependOnImageAlone(_ zoo: ZooInstance) throws {
    let breaches = try Laws.encodingsDependOnImageAlone(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.all.decoding)
  func decodingsDependOnPointAlone(_ zoo: ZooInstance) throws {
    let breaches = try Laws.decodingsDependOnPointAlone(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.all.latentSampling)
  func latentSamplesDependOnRequestAlone(_ zoo: ZooInstance) throws {
    let breaches = try Laws.latentSamplesDependOnRequestAlone(zoo)
    #expect(breaches == [])
  }
}
