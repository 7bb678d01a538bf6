import Models
import TestSupport
import Testing

/// The laws of models whose gradients are estimates, and of those with state.
@Suite(.serialized) struct EstimateLaws {
  @Test(arguments: ZooInstance.estimating)
  func gradientEstimatesAreUnbiased(_ zoo: ZooInstance) throws {
    let breaches = try Laws.gradientEstimatesAreUnbiased(zoo)
    #expect(breaches == [])
  }

  /// A state that is never brought up to date gives other gradients, and the law says so.
  @Test(arguments: ZooInstance.estimating.stateful)
  func staleStatesBreakTheLaw(_ zoo: ZooInstance) throws {
    let breaches = try Laws.gradientEstimatesAreUnbiased(zoo, updates: 0)
    #expect(breaches.count > 3)
  }

  @Test(arguments: ZooInstance.all.stateful)
  func stateUpdatesRepeat(_ zoo: ZooInstance) throws {
    let breaches = try Laws.stateUpdatesRepeat(zoo)
    #expect(breaches == [])
  }
}
