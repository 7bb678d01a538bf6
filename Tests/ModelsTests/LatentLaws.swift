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
    let breaches = try Laws.chainsApproachConditional(zoo)
    #expect(breaches == [])
  }
}
