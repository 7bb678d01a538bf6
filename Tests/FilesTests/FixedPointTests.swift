import Files
import Testing

@Suite struct FixedPointTests {
  @Test func fixedPoint() {
    #expect(FixedPoint.text(1.005, digits: 2) == "1.00")
    #expect(FixedPoint.text(-0.0004, digits: 3) == "0.000")
    #expect(FixedPoint.text(-12.3456, digits: 3) == "-12.346")
    #expect(FixedPoint.text(0.05, digits: 1) == "0.1")
    #expect(FixedPoint.text(7, digits: 0) == "7")
    #expect(FixedPoint.text(.infinity, digits: 2) == "inf")
  }
}
