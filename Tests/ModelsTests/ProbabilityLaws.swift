import Models
import TestSupport
import Testing

/// The laws of models whose images can all be counted.
@Suite struct ProbabilityLaws {
  @Test(arguments: ZooInstance.countable.scoring)
  func probabilitiesSumToOne(_ zoo: ZooInstance) throws {
    let breaches = try Laws.probabilitiesSumToOne(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.few.averagingOrders)
  func orderMixturesSumToOne(_ zoo: ZooInstance) throws {
    let breaches = try Laws.orderMixturesSumToOne(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.exact.scoringAndCompleting)
  func completionLikelihoodIsConditional(_ zoo: ZooInstance) throws {
    let breaches = try Laws.completionLikelihoodIsConditional(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.few.completing)
  func fillingsSumToOne(_ zoo: ZooInstance) throws {
    let breaches = try Laws.fillingsSumToOne(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.exact.scoringAndCompleting)
  func conditionalScoreIsConditional(_ zoo: ZooInstance) throws {
    let breaches = try Laws.conditionalScoreIsConditional(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.few.meanCompleting)
  func completionMeansAreMeans(_ zoo: ZooInstance) throws {
    let breaches = try Laws.completionMeansAreMeans(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.countable.scoringAndSampling)
  func samplesFollowProbabilities(_ zoo: ZooInstance) throws {
    let breaches = try Laws.samplesFollowProbabilities(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.exact.scoringAndCompleting)
  func completionsFollowConditional(_ zoo: ZooInstance) throws {
    let breaches = try Laws.completionsFollowConditional(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.sharpening)
  func temperatureSharpens(_ zoo: ZooInstance) throws {
    let breaches = try Laws.temperatureSharpens(zoo)
    #expect(breaches == [])
  }
}
