public import Files

/// The file of measurements that a shard of an evaluation writes.
public struct EvaluationOutput: Sendable {
  /// The file, as it was named.
  public let path: String
  /// What to do where there is something already.
  public let policy: Output.Policy
  private let lock: RunLock

  /// Checks the place.
  ///
  /// - Throws: `OutputError` where it is no place for a file, holds one that must not be touched, or is another run's.
  public init(path: String, policy: Output.Policy, inputs: Inputs) throws {
    self.path = path
    self.policy = policy
    _ = try Output(path, option: "--output", policy: .overwrite, inputs: inputs)
    guard !FileSystem.isWrittenInPlace(path) else {
      throw OutputError("\(path): is no file; give --output another name")
    }
    lock = try RunLock(file: path)
    let isOwn = FileSystem.exists(path) || FileSystem.exists(journalPath)
    _ = try Output(path, option: "--output", policy: policy, inputs: inputs, isOwn: isOwn)
    if policy == .refuse, FileSystem.exists(journalPath) {
      throw OutputError(
        "\(journalPath): an interrupted run left it; --resume goes on from there, --overwrite "
          + "starts again")
    }
  }

  /// Says how far an unfinished file is.
  var journalPath: String { GrowingFile.hidden(path, ending: "journal") }

  /// Whether an earlier run has done everything.
  ///
  /// - Throws: `OutputError` where what stands there is of another run.
  func isComplete(identity: String) throws -> Bool {
    guard policy == .resume, FileSystem.exists(path), !FileSystem.exists(journalPath) else {
      return false
    }
    guard let part = try? ShardPart(path),
      let former = part.record[ShardRecord.identityName]?.asText
    else { throw OutputError("\(path): is no part of an evaluation; --overwrite replaces it") }
    try Journal.check(former, is: identity, of: path)
    return true
  }
}

/// Measurements under way.
struct EvaluationWork {
  private let output: EvaluationOutput
  private let identity: String
  private let journal: Journal
  /// What an earlier run has noted.
  let records: [[String]]

  /// Begins, or goes on where an earlier run of the same identity was.
  ///
  /// - Parameter whole: how many of the records count.
  init(
    _ output: EvaluationOutput, identity: String, whole: ([[String]]) -> Int = \.count
  ) throws {
    self.output = output
    self.identity = identity
    let kind = "evaluation"
    if output.policy == .resume, FileSystem.exists(output.journalPath) {
      (journal, records) = try Journal.resume(
        output.journalPath, of: output.path, kind: kind, identity: identity, whole: whole)
    } else {
      journal = try Journal.begin(output.journalPath, kind: kind, identity: identity)
      records = []
    }
  }

  /// Notes what is measured.
  func append(_ records: [[String]]) throws { try journal.append(records) }

  /// Writes the file; the journal is gone then.
  func finish(_ record: ShardRecord) throws {
    var record = record
    record.details.insert((ShardRecord.identityName, .text(identity)), at: 0)
    try AtomicFile.write(record.bytes, to: output.path)
    try journal.finish()
  }
}
