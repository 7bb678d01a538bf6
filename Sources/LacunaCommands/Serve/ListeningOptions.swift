import ArgumentParser
import Files
import Service

private let defaults = ServiceOptions()

/// Where a service listens, and who may ask.
struct ListeningOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The address to listen at; one that other machines reach needs --api-key-file.",
      valueName: "address"))
  var host = defaults.host

  @Option(
    help: "The port; 0 takes any that is free.", value: "number", takes: .number(in: 0...65535))
  var port = defaults.port

  @Option(
    help: ArgumentHelp(
      "A name by which requests may call the service, as a proxy passes it on; may be given again.",
      valueName: "name"))
  var allowHost: [String] = []

  @Option(
    help: ArgumentHelp(
      "A file of keys, one a line, of which a request needs one.", valueName: "file"))
  var apiKeyFile: String?

  func validate() throws {
    if !ServiceOptions.isLoopback(host), apiKeyFile == nil {
      throw ValidationError(
        "--host \(host) can be reached from other machines: give --api-key-file too")
    }
  }

  /// The same for the service, all else by default.
  func options() throws -> ServiceOptions {
    var options = ServiceOptions()
    options.host = host
    options.port = port
    options.allowedHosts = allowHost
    options.keys = try apiKeyFile.map(Self.keys) ?? []
    return options
  }

  /// The keys of a file: a line each, without blank lines and those that begin with #.
  private static func keys(_ path: String) throws -> [String] {
    let text = String(decoding: try FileSystem.readBytes(path), as: UTF8.self)
    let keys = text.split(whereSeparator: \.isNewline).map { line in
      line.trimmingPrefix { $0 == " " || $0 == "\t" }
    }.filter { !$0.isEmpty && !$0.hasPrefix("#") }.map(String.init)
    guard !keys.isEmpty else {
      throw ValidationError("--api-key-file \(path): holds no key; write one a line")
    }
    for key in keys where key.utf8.count < Self.fewestBytes {
      throw ValidationError(
        "--api-key-file \(path): holds a key of \(key.utf8.count) bytes, which can be guessed; "
          + "write keys of \(Self.fewestBytes) bytes or more, such as 'openssl rand -hex 24' gives")
    }
    return keys
  }

  private static let fewestBytes = 16
}
