import TestSupport
import Testing

/// What models with latent variables promise.
@Suite struct LatentLaws {
  @Test(arguments: ZooInstance.all)
  func boundsLieBelowEstimates(_ zoo: ZooInstance) throws {
    let breaches = try Laws.boundsLieBelowEstimates(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.all)
  func estimatesDependOnImageAlone(_ zoo: ZooInstance) throws {
    let breaches = try Laws.estimatesDependOnImageAlone(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.enumerable)
  func chainsApproachConditional(_ zoo: ZooInstance) throws {
    let breaches = try Laws.chainsApproachConditional(zoo)
    #expect(breaches == [])
  }
}
