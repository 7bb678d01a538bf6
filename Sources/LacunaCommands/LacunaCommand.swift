import ArgumentParser
import Platform
import Tensors

/// A subcommand: it says how it talks, and gets a session to work in.
protocol LacunaCommand: ParsableCommand {
  /// How it reports.
  var reporting: ReportingOptions { get }
  /// Threads, precision and the like, where the command computes.
  var computing: ComputingOptions? { get }

  /// Does the work. What it throws ends the program with a message.
  func run(session: Session) throws
}

extension LacunaCommand {
  var computing: ComputingOptions? { nil }

  /// Whether the environment asks where the time goes: `LACUNA_PROFILE` is set and not 0.
  private static var isProfiled: Bool {
    guard let value = getenv("LACUNA_PROFILE") else { return false }
    return value.pointee != 0 && String(cString: value) != "0"
  }

  /// Builds the session, runs, and ends with status 2 where inputs were skipped.
  func run() throws {
    let session = Session(reporting)
    let profile = Self.isProfiled ? ProfileReport() : nil
    defer { session.progress.finish() }
    // Everything of a command keeps to its threads, reading images too.
    if let threads = computing?.parallel.threads {
      try ThreadPool.withThreads(threads) { try run(session: session) }
    } else {
      try run(session: session)
    }
    session.progress.finish()
    if let profile { StandardError.write(profile.text() + "\n") }
    if session.skipped > 0 {
      let inputs = session.skipped == 1 ? "1 input was" : "\(session.skipped) inputs were"
      session.note("finished, but \(inputs) skipped")
      throw ExitCode(2)
    }
  }
}
