import LacunaCommands
import Testing

@Suite struct ProgressTests {
  @Test func durations() {
    #expect(ProgressReporter.duration(7.4) == "0:07")
    #expect(ProgressReporter.duration(750) == "12:30")
    #expect(ProgressReporter.duration(3723) == "1:02:03")
    #expect(ProgressReporter.duration(.infinity) == "?")
  }

  @Test func aBarFitsTheTerminal() {
    let report = ProgressReporter.Report(fraction: 0.5, detail: "12 a second", secondsLeft: 60)
    #expect(ProgressReporter.line(report) == "50%, 12 a second, 1:00 left")
    let bar = ProgressReporter.bar(report, columns: 80)
    #expect(bar.hasPrefix("[###############---------------] 50%"))
    for columns in [1, 10, 30, 40, 60, 200] {
      #expect(ProgressReporter.bar(report, columns: columns).count < max(2, columns))
    }
  }
}
