import Files
import Synchronization
import Tasks

/// Shows how far work is: a bar on a terminal, a plain line now and then elsewhere.
package final class ProgressReporter: Sendable {
  /// What one report says.
  package struct Report {
    /// The share of the work behind, 0...1.
    package var fraction: Double
    /// Numbers of interest, such as a rate.
    package var detail: String
    /// Seconds that the rest will take, where that is known.
    package var secondsLeft: Double?

    /// A report.
    package init(fraction: Double, detail: String, secondsLeft: Double? = nil) {
      self.fraction = fraction
      self.detail = detail
      self.secondsLeft = secondsLeft
    }
  }

  private struct State {
    var lastReport: ContinuousClock.Instant?
    var isBarVisible = false
    var plainInterval = Duration.seconds(5)
  }

  private let isQuiet: Bool
  private let state = Mutex(State())

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
  }

  /// Shows a report, if it is time for one.
  func update(_ report: Report) {
    guard !isQuiet else { return }
    let now = ContinuousClock.now
    state.withLock { state in
      guard let last = state.lastReport else {
        // Work that ends at once needs no report.
        state.lastReport = now
        return
      }
      let interval = StandardError.isTerminal ? .milliseconds(100) : state.plainInterval
      guard now - last >= interval else { return }
      state.lastReport = now
      if StandardError.isTerminal {
        StandardError.write("\r\u{1B}[K" + Self.bar(report, columns: StandardError.columns))
        state.isBarVisible = true
      } else {
        // Ever rarer, so that a night's log stays short.
        state.plainInterval = min(state.plainInterval * 2, .seconds(60))
        StandardError.write(Self.line(report) + "\n")
      }
    }
  }

  /// Clears the bar so that a message can stand in its place.
  func interrupt() {
    state.withLock { state in
      guard state.isBarVisible else { return }
      StandardError.write("\r\u{1B}[K")
      state.isBarVisible = false
    }
  }

  /// Clears the bar for good and forgets the last report.
  func finish() {
    interrupt()
    state.withLock { $0 = State() }
  }

  /// A bar that fits the columns of a terminal.
  package static func bar(_ report: Report, columns: Int) -> String {
    let text = line(report)
    let room = columns - text.count - 4
    guard room >= 8 else { return String(text.prefix(max(0, columns - 1))) }
    let width = min(room, 30)
    let filled = Int((report.fraction * Double(width)).rounded(.down))
    let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
    return "[\(bar)] \(text)"
  }

  /// The report in words.
  package static func line(_ report: Report) -> String {
    let percent = FixedPoint.text(100 * report.fraction, digits: 0) + "%"
    let left = report.secondsLeft.map { [duration($0) + " left"] } ?? []
    return ([percent] + (report.detail.isEmpty ? [] : [report.detail]) + left)
      .joined(separator: ", ")
  }

  /// Such as `0:07`, `12:30` or `1:02:03`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e7 else { return "?" }
    let total = Int(seconds.rounded())
    let parts = [total / 3600, total / 60 % 60, total % 60]
    let shown = parts[0] > 0 ? parts[...] : parts[1...]
    return shown.enumerated().map { place, part in
      place > 0 && part < 10 ? "0\(part)" : "\(part)"
    }.joined(separator: ":")
  }
}

extension ProgressReporter {
  /// A callback for tasks that count images: adds rate and time left.
  func images(_ word: String = "images") -> @Sendable (TaskReporter.Progress) -> Void {
    let start = ContinuousClock.now
    return { [self] progress in
      let spent = (ContinuousClock.now - start).components
      let seconds = Double(spent.seconds) + Double(spent.attoseconds) * 1e-18
      let rate = Double(progress.done) / max(seconds, 1e-9)
      update(
        Report(
          fraction: Double(progress.done) / Double(max(1, progress.total)),
          detail: "\(progress.done) of \(progress.total) \(word), "
            + "\(FixedPoint.text(rate, digits: rate < 10 ? 1 : 0)) a second",
          secondsLeft: progress.done == 0 ? nil : Double(progress.total - progress.done) / rate))
    }
  }
}
