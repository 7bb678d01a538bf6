public import Files
import Training

/// What a run directory says of its making, in `run.json`.
///
/// Equal runs give equal bytes, so no times stand in it.
public struct RunRecord: Sendable {
  /// The file's name in the run directory.
  public static let fileName = "run.json"

  /// The name of the entry that holds a digest of the contents of each input, where a resumed run has
  /// to know them.
  static let inputsName = "inputs"

  /// The arguments after the program's name.
  public var command: [String]
  /// The seed.
  public var seed: UInt64
  /// The model file's path as it was given; nil where no model was asked.
  public var model: String?
  /// The model file's SHA-256, hexadecimal; of several files one after the other; empty without a model.
  public var modelDigest: String
  /// What a resumed run must have in common with the one before.
  public var identity: String
  /// Numbers by name, such as images, completions and skipped files.
  public var counts: [(name: String, value: Int)]
  /// What else is worth telling, by name, such as the kind of a score.
  public var facts: [(name: String, value: JSON)] = []

  /// A record of these entries.
  public init(
    command: [String], seed: UInt64, model: String?, modelDigest: String, identity: String,
    counts: [(name: String, value: Int)] = []
  ) {
    self.command = command
    self.seed = seed
    self.model = model
    self.modelDigest = modelDigest
    self.identity = identity
    self.counts = counts
  }

  /// The record as JSON.
  public var json: JSON {
    let entries: [(name: String, value: JSON)] = [
      ("program", .text("lacuna")), ("version", .text(ToolVersion.current)),
      ("command", .list(command.map { .text($0) })), ("seed", .unsigned(seed)),
      (
        "model",
        model.map { .object([("path", .text($0)), ("sha256", .text(modelDigest))]) } ?? .null
      ), ("identity", .text(identity)),
      ("counts", .object(counts.map { ($0.name, .integer($0.value)) })),
    ]
    return .object(entries + facts)
  }

  /// Writes the record into a run directory.
  public func write(to directory: OutputDirectory) throws {
    try directory.write(Array((json.formatted + "\n").utf8), to: Self.fileName)
  }
}

extension OutputDirectory {
  /// A file that a run into this directory writes beside it, such as a contact sheet.
  ///
  /// Where the run is resumed, one that exists is its own if its record names it.
  public func companion(_ path: String, option: String) throws -> Output {
    var isOwn = false
    if policy == .resume, let bytes = try? FileSystem.readBytes(file(RunRecord.fileName)),
      case .list(let command)? = try? JSON(reading: String(decoding: bytes, as: UTF8.self))[
        "command"]
    {
      isOwn = command.compactMap(\.asText).contains {
        $0.isExactly(path) || $0.isExactly("\(option)=\(path)")
      }
    }
    return try Output(path, option: option, policy: policy, inputs: inputs, isOwn: isOwn)
  }
}
