import Models
import TestSupport
import Testing

/// The laws of every model in the zoo.
@Suite struct ModelLaws {
  @Test(arguments: ZooInstance.all.descending)
  func everyParameterLearns(_ zoo: ZooInstance) throws {
    let breaches = try Laws.everyParameterLearns(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.all.descending)
  func gradientIsSlope(_ zoo: ZooInstance) throws {
    let breaches = try Laws.gradientIsSlope(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.all.descending)
  func learningLowersLoss(_ zoo: ZooInstance) throws {
    let breaches = try Laws.learningLowersLoss(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.all.heedingClasses)
  func classesMatter(_ zoo: ZooInstance) throws {
    let breaches = try Laws.classesMatter(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.all.fitted)
  func fittingRaisesLikelihood(_ zoo: ZooInstance) throws {
    let breaches = try Laws.fittingRaisesLikelihood(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.all.fitted)
  func interruptedFittingsGoOn(_ zoo: ZooInstance) throws {
    let breaches = try Laws.interruptedFittingsGoOn(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.all + ZooInstance.narrow)
  func filesKeepModels(_ zoo: ZooInstance) throws {
    let breaches = try Laws.filesKeepModels(zoo)
    #expect(breaches == [])
  }

  @Test(
    arguments: (ZooInstance.all + ZooInstance.narrow.filter { $0.shape.pixelCount > 1 }).sampling)
  func samplesAreImages(_ zoo: ZooInstance) throws {
    let breaches = try Laws.samplesAreImages(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: (ZooInstance.all + ZooInstance.narrow).chainSampling)
  func chainsLeadToSamples(_ zoo: ZooInstance) throws {
    let breaches = try Laws.chainsLeadToSamples(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: (ZooInstance.all + ZooInstance.narrow).completing)
  func completionsKeepKnownPixels(_ zoo: ZooInstance) throws {
    let breaches = try Laws.completionsKeepKnownPixels(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: (ZooInstance.all + ZooInstance.narrow).completing)
  func conditionalScoresAreThoseOfCompletions(_ zoo: ZooInstance) throws {
    let breaches = try Laws.conditionalScoresAreThoseOfCompletions(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.all.completing)
  func missingPixelsAreNotRead(_ zoo: ZooInstance) throws {
    let breaches = try Laws.missingPixelsAreNotRead(zoo)
    #expect(breaches == [])
  }
}

/// Laws that change the number of threads, one after another.
@Suite(.serialized) struct RepeatabilityLaws {
  @Test(arguments: ZooInstance.all.sampling)
  func samplesDependOnRequestAlone(_ zoo: ZooInstance) throws {
    let breaches = try Laws.samplesDependOnRequestAlone(zoo)
    #expect(breaches == [])
  }
}
