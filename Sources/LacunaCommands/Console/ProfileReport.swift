import Files
import Tasks
import Tensors

/// Where a run's time went, for whoever makes the next operation faster: written to standard error at the end where
/// `LACUNA_PROFILE` is set.
struct ProfileReport {
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant

  /// Starts counting.
  init() {
    start = clock.now
    Profile.start()
  }

  /// Operations that are listed by name; the rest is one line.
  private static let listed = 24

  /// The table.
  func text() -> String {
    let spent = (clock.now - start).components
    let wall = Double(spent.seconds) + Double(spent.attoseconds) * 1e-18
    let threads = ThreadPool.threads
    let available = wall * Double(threads)
    let entries = Profile.entries
    let peak = Profile.peak(.fastest)
    let used = entries.reduce(0) { $0 + $1.seconds }
    let inPrimitives = entries.filter { $0.implementation != nil }.reduce(0) { $0 + $1.seconds }
    var rows = [
      ["operation", "runs", "ms", "share", "GB/s", "GFLOP/s", "of peak", "implementation"]
    ]
    rows += entries.prefix(Self.listed).map { Self.row($0, of: available, peak: peak) }
    let rest = entries.dropFirst(Self.listed)
    if !rest.isEmpty {
      rows.append(Self.sum(of: rest, title: "\(rest.count) others").cells(available))
    }
    rows.append([
      "outside of operations, waiting", "", milliseconds(available - used),
      percent((available - used) / available),
    ])
    let threadText = threads == 1 ? "1 thread" : "\(threads) threads"
    return """
      profile: \(FixedPoint.text(wall, digits: 2)) s on \(threadText), \
      \(percent(inPrimitives / available)) of their time in oneDNN's primitives, \
      \(percent((used - inPrimitives) / available)) in kernels and copies
      peak of a thread, a 256x512x256 product in \(ElementType.fastest): \
      \(FixedPoint.text(peak * 1e-9, digits: 0)) GFLOP/s
      \(Table.text(rows))
      """
  }

  private struct Sum {
    let title: String, runs: Int, seconds: Double
    func cells(_ available: Double) -> [String] {
      [title, "\(runs)", milliseconds(seconds), percent(seconds / available)]
    }
  }

  private static func sum(of entries: ArraySlice<Profile.Entry>, title: String) -> Sum {
    Sum(
      title: title, runs: entries.reduce(0) { $0 + $1.runs },
      seconds: entries.reduce(0) { $0 + $1.seconds })
  }

  private static func row(_ entry: Profile.Entry, of available: Double, peak: Double) -> [String] {
    let seconds = max(entry.seconds, 1e-9)
    let rate = Double(entry.floatingPointOperations) / seconds
    return [
      entry.name, "\(entry.runs)", milliseconds(entry.seconds), percent(entry.seconds / available),
      entry.bytes > 0 ? FixedPoint.text(Double(entry.bytes) / seconds * 1e-9, digits: 1) : "",
      rate > 0 ? FixedPoint.text(rate * 1e-9, digits: 0) : "",
      rate > 0 ? percent(rate / peak) : "", entry.implementation ?? "",
    ]
  }
}

private func milliseconds(_ seconds: Double) -> String { FixedPoint.text(seconds * 1e3, digits: 1) }

private func percent(_ share: Double) -> String { FixedPoint.text(100 * share, digits: 1) + " %" }
