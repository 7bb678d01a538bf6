import Testing
import Training

/// Samples that become all alike.
@Suite struct CollapseWatchTests {
  /// At which validations of a training something is said.
  private func told(_ spreads: [Double]) -> [Int] {
    var watch = CollapseWatch()
    return spreads.indices.filter { index in
      let progress = Double(index + 1) / Double(spreads.count)
      return watch.message(spreads[index], at: index, progress: progress) != nil
    }
  }

  @Test func isToldOfOnceAfterAFall() {
    #expect(told([0.02, 0.4, 0.05, 0.04, 0.9, 0.03, 0.9, 0.9]) == [2])
  }

  @Test func isToldOfLateAndNotAtTheStart() {
    #expect(told([0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08]) == [3])
    #expect(told([0.02, 0.2, 0.6, 0.9, 1, 1]) == [])
  }

  @Test func saysHowAlikeTheyAre() {
    var watch = CollapseWatch()
    let message = watch.message(0.081, at: 300, progress: 0.9) ?? ""
    #expect(message.hasPrefix("after step 300 ") && message.contains("by 8 %"))
  }
}
