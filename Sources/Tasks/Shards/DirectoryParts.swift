import Files

/// The directories of all shards of a run, read and found whole.
struct DirectoryParts<Row: JournalRow> {
  /// One of them.
  struct Part {
    let part: ShardPart
    let rows: [Row]
    /// What `run.json` says.
    let record: JSON
    /// The digests of what the rows' subjects were made from.
    let digests: [ExactText: String]
    /// The images, by relative path, in byte order.
    let files: [String]
  }

  let all: [Part]
  private let set: ShardSet

  /// Reads the parts of a set.
  ///
  /// - Throws: `TaskError` where one is not what its shard has written, or lacks a file.
  init(_ set: ShardSet) throws {
    self.set = set
    all = try set.parts.map { try Self.read($0) }
    var owners: [ExactText: String] = [:]
    for part in all {
      for file in part.files {
        if let other = owners[file] {
          throw TaskError("\(file): is in \(other) and in \(part.part.path); give one of them")
        }
        owners[file] = part.part.path
      }
    }
  }

  private static func read(_ part: ShardPart) throws -> Part {
    try DirectoryMerge.check(part, results: Row.resultsName)
    func text(_ name: String) throws -> String {
      String(decoding: try FileSystem.readBytes(part.file(name)), as: UTF8.self)
    }
    let lines = CSV.lines(of: try text(Row.resultsName)).dropFirst()
    let rows = lines.compactMap(Row.init)
    guard rows.count == lines.count, let record = try? JSON(reading: try text(RunRecord.fileName))
    else { throw part.damaged() }
    var digests: [ExactText: String] = [:]
    for (subject, digest) in record[RunRecord.inputsName]?.asEntries ?? [] {
      digests[subject] = digest.asText
    }
    return Part(
      part: part, rows: rows, record: record, digests: digests, files: try files(of: part, rows))
  }

  /// The images that rows tell of.
  private static func files(of part: ShardPart, _ rows: [Row]) throws -> [String] {
    let outputs = ExactText.distinct(rows.map(\.output))
    for output in outputs where !FileSystem.isRegularFile(part.file(output)) {
      throw TaskError(
        "\(part.file(output)): is missing; run shard \(part.record.shard) again with --resume")
    }
    let companions = ExactText.distinct(rows.flatMap(\.companions)).filter {
      FileSystem.isRegularFile(part.file($0))
    }
    let files = ExactText.distinct(outputs + companions)
    guard try files.count == DirectoryMerge.fileCount(of: part) else {
      throw TaskError(
        "\(part.path): holds \(files.count) of the images that its shard has written; run shard "
          + "\(part.record.shard) again with --resume")
    }
    let others = try DirectoryMerge.others(of: part)
    if let lost = others.first(where: { !FileCopy.isThere(part.file($0)) }) {
      throw TaskError(
        "\(part.file(lost)): is missing; run shard \(part.record.shard) again with --resume")
    }
    return files + others
  }

  /// The identity of the run without shards.
  var identity: String { get throws { try DirectoryMerge.identity(of: set.parts[0]) } }

  /// The rows of all, in order.
  var rows: [Row] { all.flatMap(\.rows) }

  /// Files in all.
  var fileCount: Int { all.reduce(0) { $0 + $1.files.count } }

  /// The sums of what the parts have counted.
  var counts: [(name: String, value: Int)] {
    let names = all[0].record["counts"]?.asEntries?.map(\.name) ?? []
    return names.map { name in
      (name, all.reduce(0) { $0 + ($1.record["counts"]?[name]?.asInteger ?? 0) })
    }
  }

  /// The record of the run without shards.
  func record(writingTo output: String, _ facts: [(name: String, value: JSON)]) throws -> RunRecord
  {
    let own = set.parts[0].record
    var record = RunRecord(
      command: own.command(writingTo: output), seed: own.seed, model: own.model.path,
      modelDigest: own.model.digest, identity: try identity, counts: counts)
    record.facts = facts
    return record
  }

  /// The digests of all inputs, in order.
  var inputs: JSON { .object(all.flatMap { $0.record[RunRecord.inputsName]?.asEntries ?? [] }) }
}
