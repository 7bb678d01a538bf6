import ArgumentParser

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

  /// Builds the session, runs, and ends with status 2 where inputs were skipped.
  func run() throws {
    let session = Session(reporting)
    computing?.apply()
    defer { session.progress.finish() }
    try run(session: session)
    session.progress.finish()
    if session.skipped > 0 {
      let inputs = session.skipped == 1 ? "1 input was" : "\(session.skipped) inputs were"
      session.note("finished, but \(inputs) skipped")
      throw ExitCode(2)
    }
  }
}
