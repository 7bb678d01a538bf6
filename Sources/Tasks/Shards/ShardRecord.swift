package import Files
import Training

/// What a shard says of itself beside its results, and what `merge` compares: written when all else is.
///
/// Equal runs give equal bytes, so no times stand in it.
public struct ShardRecord: Sendable {
  /// What is done in shards.
  public enum Task: String, Sendable, CaseIterable {
    /// A table of features.
    case embed
    /// A directory of completed images.
    case impute
    /// A directory of drawn images.
    case augment
    /// Likelihoods of images.
    case likelihood = "evaluate likelihood"
    /// Likelihoods and errors of filled holes.
    case imputation = "evaluate imputation"
  }

  /// The detail that tells the identity of a run.
  static let identityName = "identity"

  /// Its name in a directory.
  static let fileName = "shard.json"

  /// Where it stands beside a table.
  static func path(beside table: String) -> String { "\(table).\(fileName)" }

  /// What is done.
  public let task: Task
  /// Which block.
  public let shard: Shard
  /// The version of the program.
  let version: String
  /// The arguments after the program's name.
  let command: [String]
  /// The seed.
  public let seed: UInt64
  /// The model file's path as it was given, and its SHA-256; nil and empty without a model.
  let model: (path: String?, digest: String)
  /// The model file's path as it was given; nil where no model was asked.
  public var modelPath: String? { model.path }
  /// Equal where all shards are of the same list.
  let images: String
  /// Equal where the shards are asked for the same: words of the form `name=value`.
  let options: String
  /// What else there is to say, by name, which depends on the task.
  var details: [(name: String, value: JSON)]

  /// The record of a shard of this process's run.
  package init(
    _ task: Task, _ shard: Shard, _ run: RunRecord, images: String, options: String,
    details: [(name: String, value: JSON)] = []
  ) {
    self.task = task
    self.shard = shard
    version = ToolVersion.current
    command = run.command
    seed = run.seed
    model = (run.model, run.modelDigest)
    self.images = images
    self.options = options
    self.details = details
  }

  /// What tells one list of paths from another.
  static func fingerprint(of paths: some Sequence<String>) -> String {
    SHA256.fingerprint(of: Array(paths.joined(separator: "\0").utf8))
  }

  /// A detail of this name; nil where there is none.
  subscript(name: String) -> JSON? { details.last { $0.name == name }?.value }
}

extension ShardRecord {
  private static let programName = "lacuna"

  /// The record as JSON.
  package var json: JSON {
    let entries: [(name: String, value: JSON)] = [
      ("program", .text(Self.programName)), ("version", .text(version)),
      ("shard_of", .text(task.rawValue)), ("shard", .integer(shard.number)),
      ("shards", .integer(shard.count)), ("command", .list(command.map(JSON.text))),
      ("seed", .unsigned(seed)),
      (
        "model",
        .object([
          ("path", model.path.map(JSON.text) ?? .null), ("sha256", .text(model.digest)),
        ])
      ),
      ("images", .text(images)), ("options", .text(options)),
    ]
    return .object(entries + [("details", .object(details))])
  }

  /// The bytes of its file.
  var bytes: [UInt8] { Array((json.formatted + "\n").utf8) }

  /// Writes the record into a run directory.
  func write(to directory: OutputDirectory) throws {
    try directory.write(bytes, to: Self.fileName)
  }

  /// Reads a record; nil where it is none.
  package init?(_ json: JSON) {
    guard json["program"]?.asText == Self.programName,
      let task = json["shard_of"]?.asText.flatMap(Task.init), let version = json["version"]?.asText,
      let number = json["shard"]?.asInteger, let count = json["shards"]?.asInteger,
      let shard = Shard(number, of: count), let seed = json["seed"]?.asUnsigned,
      let digest = json["model"]?["sha256"]?.asText,
      let images = json["images"]?.asText, let options = json["options"]?.asText,
      let command = json["command"]?.asList, let details = json["details"]?.asEntries
    else { return nil }
    self.task = task
    self.shard = shard
    self.version = version
    self.command = command.compactMap(\.asText)
    self.seed = seed
    model = (json["model"]?["path"]?.asText, digest)
    self.images = images
    self.options = options
    self.details = details
  }

  /// The arguments of the run whose shard this is, which writes elsewhere.
  package func command(writingTo output: String) -> [String] {
    var whole: [String] = []
    var rest = command[...]
    while let word = rest.popFirst() {
      switch word {
      case "--shard": _ = rest.popFirst()
      case _ where word.hasPrefix("--shard="): break
      case "--output":
        _ = rest.popFirst()
        whole += [word, output]
      case _ where word.hasPrefix("--output="): whole.append("--output=\(output)")
      default: whole.append(word)
      }
    }
    return whole
  }
}
