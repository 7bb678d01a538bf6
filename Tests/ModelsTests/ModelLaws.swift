import Models
import TestSupport
import Testing

/// The laws of every model in the zoo.
@Suite struct ModelLaws {
  @Test(arguments: ZooInstance.all)
  func everyParameterLearns(_ zoo: ZooInstance) throws {
    #expect(try Laws.everyParameterLearns(zoo) == [])
  }

  @Test(arguments: ZooInstance.all)
  func gradientIsSlope(_ zoo: ZooInstance) throws {
    #expect(try Laws.gradientIsSlope(zoo) == [])
  }

  @Test(arguments: ZooInstance.all)
  func learningLowersLoss(_ zoo: ZooInstance) throws {
    #expect(try Laws.learningLowersLoss(zoo) == [])
  }

  @Test(arguments: ZooInstance.all + ZooInstance.narrow)
  func filesKeepModels(_ zoo: ZooInstance) throws {
    #expect(try Laws.filesKeepModels(zoo) == [])
  }

  @Test(arguments: ZooInstance.all + ZooInstance.narrow)
  func samplesAreImages(_ zoo: ZooInstance) throws {
    guard zoo.shape.pixelCount > 1 else { return }
    #expect(try Laws.samplesAreImages(zoo) == [])
  }

  @Test(arguments: ZooInstance.all + ZooInstance.narrow)
  func completionsKeepKnownPixels(_ zoo: ZooInstance) throws {
    #expect(try Laws.completionsKeepKnownPixels(zoo) == [])
  }

  @Test(arguments: ZooInstance.all)
  func missingPixelsAreNotRead(_ zoo: ZooInstance) throws {
    #expect(try Laws.missingPixelsAreNotRead(zoo) == [])
  }
}

/// Laws that change the number of threads, one after another.
@Suite(.serialized) struct RepeatabilityLaws {
  @Test(arguments: ZooInstance.all)
  func samplesDependOnRequestAlone(_ zoo: ZooInstance) throws {
    #expect(try Laws.samplesDependOnRequestAlone(zoo) == [])
  }
}
