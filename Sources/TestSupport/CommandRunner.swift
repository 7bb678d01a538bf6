import Files
import Platform

/// Runs the program that was built beside the tests, as a user would.
public struct CommandRunner: Sendable {
  /// What a command left behind.
  public struct Result: Sendable {
    /// The exit status, or 128 and the signal's number.
    public let status: Int32
    /// Everything on standard output.
    public let output: String
    /// Everything on standard error.
    public let errors: String

    /// All three, for snapshots.
    public var transcript: String {
      "status \(status)\n--- standard output\n\(output)--- standard error\n\(errors)"
    }
  }

  /// The working directory of the commands.
  public let folder: TemporaryFolder

  /// A runner whose commands start in this directory.
  public init(in folder: TemporaryFolder) {
    self.folder = folder
  }

  /// The program: `lacuna` beside the running test bundle, or what `LACUNA_BINARY` names.
  public static var program: String {
    if let path = getenv("LACUNA_BINARY") { return String(cString: path) }
    let own = realpath("/proc/self/exe", nil).map { path in
      defer { free(path) }
      return String(cString: path)
    }
    return FileSystem.join(FileSystem.directory(of: own ?? CommandLine.arguments[0]), "lacuna")
  }

  /// Runs `lacuna` with these arguments and waits.
  public func run(_ arguments: String...) throws -> Result { try run(arguments) }

  /// Runs `lacuna` with these arguments and waits.
  public func run(_ arguments: [String]) throws -> Result { try start(arguments).wait() }

  /// Runs a line of the shell, in which `lacuna` is the program, and waits.
  public func shell(_ line: String) throws -> Result {
    let path = FileSystem.directory(of: Self.program)
    return try start(["-c", "PATH=\"\(path):$PATH\"; \(line)"], program: "/bin/sh").wait()
  }

  /// Starts `lacuna` with these arguments.
  public func start(_ arguments: [String]) throws -> RunningCommand {
    try start(arguments, program: Self.program)
  }

  private func start(_ arguments: [String], program: String) throws -> RunningCommand {
    let streams = try TemporaryFolder()
    let process = try Spawning.spawn(
      program, arguments, directory: folder.path, output: streams.path("output"),
      errors: streams.path("errors"))
    return RunningCommand(process: process, streams: streams)
  }
}

/// A command on its way.
public final class RunningCommand: Sendable {
  private let process: pid_t
  private let streams: TemporaryFolder

  init(process: pid_t, streams: TemporaryFolder) {
    self.process = process
    self.streams = streams
  }

  /// Sends a signal to this process alone.
  public func send(_ signal: Int32) { kill(process, signal) }

  /// What stands on standard error so far.
  public var errorsSoFar: String { text("errors") }

  /// Waits for the end; a command that takes longer than the limit is killed.
  public func wait(seconds limit: Double = 300) throws -> CommandRunner.Result {
    let deadline = ContinuousClock.now + .seconds(limit)
    var status: Int32 = 0
    while waitpid(process, &status, WNOHANG) == 0 {
      if ContinuousClock.now > deadline { kill(process, SIGKILL) }
      usleep(2000)
    }
    let signal = status & 0x7f
    return CommandRunner.Result(
      status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, output: text("output"),
      errors: text("errors"))
  }

  private func text(_ name: String) -> String {
    String(decoding: (try? FileSystem.readBytes(streams.path(name))) ?? [], as: UTF8.self)
  }
}
