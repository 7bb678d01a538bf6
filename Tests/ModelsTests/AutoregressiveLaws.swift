import Models
import Tensors
import TestSupport
import Testing

/// The laws of models that draw pixel by pixel.
@Suite struct AutoregressiveLaws {
  @Test(arguments: ZooInstance.autoregressive)
  func outputsSeeEarlierPixelsAlone(_ zoo: ZooInstance) throws {
    let breaches = try Laws.outputsSeeEarlierPixelsAlone(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.deep)
  func outputsSeeAllEarlierPixels(_ zoo: ZooInstance) throws {
    let breaches = try Laws.outputsSeeEarlierPixelsAlone(zoo, seesAll: true)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.autoregressive + ZooInstance.deep)
  func changesReachLaterPixelsAlone(_ zoo: ZooInstance) throws {
    let breaches = try Laws.changesReachLaterPixelsAlone(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.autoregressive)
  func stepperEqualsFullPass(_ zoo: ZooInstance) throws {
    let breaches = try Laws.stepperEqualsFullPass(zoo, .float32, tolerance: 1e-5)
    #expect(breaches == [])
  }

  @Test(.enabled(if: ElementType.fastest != .float32), arguments: ZooInstance.autoregressive)
  func stepperEqualsFullPassInBfloat16(_ zoo: ZooInstance) throws {
    let breaches = try Laws.stepperEqualsFullPass(zoo, .bfloat16, tolerance: 0.05)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.autoregressive)
  func stepperDrawsAsPlainOne(_ zoo: ZooInstance) throws {
    let breaches = try Laws.stepperDrawsAsPlainOne(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.autoregressive)
  func fewImagesAreAsInAFullTile(_ zoo: ZooInstance) throws {
    let breaches = try Laws.fewImagesAreAsInAFullTile(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.ordered)
  func everyOrderSumsToOne(_ zoo: ZooInstance) throws {
    let breaches = try Laws.everyOrderSumsToOne(zoo)
    #expect(breaches == [])
  }

  @Test(arguments: ZooInstance.ordered)
  func holesTakeTheirOrder(_ zoo: ZooInstance) throws {
    let breaches = try Laws.holesTakeTheirOrder(zoo)
    #expect(breaches == [])
  }
}
