import Files
import Synchronization
import Tasks

/// What a running command talks through: results, messages, warnings and progress.
final class Session: Sendable {
  /// Whether results are JSON.
  let writesJSON: Bool
  /// Shows how far the work is.
  let progress: ProgressReporter
  private let isQuiet: Bool
  private let skippedCount = Mutex(0)

  init(_ options: ReportingOptions) {
    writesJSON = options.json
    isQuiet = options.quiet
    progress = ProgressReporter(isQuiet: options.quiet)
  }

  /// Inputs that were skipped so far.
  var skipped: Int { skippedCount.withLock { $0 } }

  /// Reports an input that is left out, and counts it.
  func skip(_ problem: String) {
    skippedCount.withLock { $0 += 1 }
    warn(problem)
  }

  /// Reports something that the user should know, even when quiet.
  func warn(_ message: String) {
    progress.interrupt()
    StandardError.writeLine("lacuna: warning: \(message)")
  }

  /// Tells how things go, unless quiet.
  func note(_ message: String) {
    guard !isQuiet else { return }
    progress.interrupt()
    StandardError.writeLine(message)
  }

  /// Writes results: as JSON where that was asked for, else as text.
  func result(_ json: @autoclosure () -> JSON, text: @autoclosure () -> String) throws {
    progress.finish()
    let written = writesJSON ? json().formatted : Printable.lines(text())
    try StandardOutput.write(written + "\n")
  }
}
