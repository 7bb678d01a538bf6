import Files
import Platform
import Synchronization
import TestSupport

/// The built program, serving on a port of its own until the test is over.
final class ServedWorkplace: Sendable {
  /// The folder and the command.
  let workplace: Workplace
  /// The process.
  let process: RunningCommand
  /// Where it listens.
  let port: Int
  private let hasEnded = Atomic<Bool>(false)

  /// The shipped model.
  static let shipped = "fixtures/models/digits-pixelcnn.safetensors"

  /// Starts a service; it is ready when this returns.
  init(_ options: [String] = [], models: [String] = [shipped], in place: Workplace? = nil) throws {
    workplace = try place ?? Workplace()
    process = try workplace.lacuna.start(
      ["serve", "--port", "0"] + models.flatMap { ["--model", $0] } + options)
    var port: Int?
    for _ in 0..<5000 {
      if let line = process.errorsSoFar.split(separator: "\n").first(where: {
        $0.hasPrefix("serving ")
      }) {
        port = line.split(separator: ":").last.flatMap { Int($0.prefix { $0.isNumber }) }
      }
      if port != nil { break }
      usleep(2000)
    }
    guard let port else {
      throw HTTPConnection.Failure(reason: "no service: \(process.errorsSoFar)")
    }
    self.port = port
  }

  deinit {
    guard !hasEnded.load(ordering: .relaxed) else { return }
    process.send(SIGKILL)
    _ = try? process.wait()
  }

  /// Asks it to end, and waits.
  func end(_ signal: Int32 = SIGTERM) throws -> CommandRunner.Result {
    process.send(signal)
    hasEnded.store(true, ordering: .relaxed)
    return try process.wait(seconds: 30)
  }

  /// A new connection.
  func connection() throws -> HTTPConnection { try HTTPConnection(port: port) }

  /// The answer to one request on a connection of its own.
  func ask(
    _ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8] = []
  ) throws -> HTTPConnection.Answer {
    let connection = try connection()
    connection.send(method, path, headers: headers, body: body)
    return try connection.answer(to: method)
  }

  /// The answer to one JSON document.
  func post(_ path: String, _ json: JSON) throws -> HTTPConnection.Answer {
    try ask("POST", path, headers: Self.jsonHeaders, body: Array(json.line.utf8))
  }

  /// Headers of a JSON document.
  static let jsonHeaders = ["Content-Type": "application/json"]
}
