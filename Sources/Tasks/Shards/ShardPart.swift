import Files

/// What a shard has written, as `merge` is given it: a directory, a table or a file of measurements.
public struct ShardPart: Sendable {
  /// The path as it was given.
  public let path: String
  /// What it says of itself.
  public let record: ShardRecord

  /// Reads what a part says of itself.
  ///
  /// - Throws: `TaskError` where it is no part, or one that is not complete.
  public init(_ path: String) throws {
    self.path = path
    let isDirectory = FileSystem.isDirectory(path)
    guard isDirectory || FileSystem.exists(path) else {
      throw TaskError("\(path): no such part; has its shard been run?\(Self.unfinished(path))")
    }
    let beside =
      isDirectory
      ? FileSystem.join(path, ShardRecord.fileName) : ShardRecord.path(beside: path)
    let place = isDirectory || FileSystem.exists(beside) ? beside : path
    guard FileSystem.isRegularFile(place) else { throw Self.noPart(path) }
    let text = String(decoding: try FileSystem.readBytes(place), as: UTF8.self)
    guard let record = (try? JSON(reading: text)).flatMap(ShardRecord.init) else {
      throw Self.noPart(path)
    }
    self.record = record
  }

  private static func noPart(_ path: String) -> TaskError {
    let unfinished = unfinished(path)
    return TaskError(
      unfinished.isEmpty
        ? "\(path): was not written by a shard; give what --shard has written" : path + unfinished)
  }

  /// What to add where a part is under way.
  private static func unfinished(_ path: String) -> String {
    let journals = [
      FileSystem.join(path, RunJournal<CompletionRow>.fileName),
      GrowingFile.hidden(path, ending: "journal"),
    ]
    return journals.contains(where: FileSystem.exists)
      ? ": is unfinished; run its shard again with --resume, and then merge" : ""
  }

  /// The path of a file of the part, where it is a directory.
  func file(_ name: String) -> String { FileSystem.join(path, name) }

  /// Makes sure that a file of the part is still what the shard has written.
  ///
  /// - Parameter digest: the name of the detail that tells its SHA-256.
  /// - Throws: `TaskError` where it is not, or is gone.
  func check(_ file: String, digest name: String) throws {
    guard let digest = record[name]?.asText else { throw damaged() }
    guard FileSystem.isRegularFile(file) else {
      throw TaskError("\(file): is missing; run shard \(record.shard) again")
    }
    guard try SHA256.hexadecimal(ofFile: file) == digest else {
      throw TaskError(
        "\(file): is not as shard \(record.shard) has written it; run that again with --overwrite")
    }
  }

  /// What is wrong with a record that lacks something.
  func damaged() -> TaskError {
    TaskError("\(path): its record is damaged; run shard \(record.shard) again with --overwrite")
  }

  /// A detail that has to be there.
  func detail<Value>(_ name: String, _ value: (JSON) -> Value?) throws -> Value {
    guard let found = record[name].flatMap(value) else { throw damaged() }
    return found
  }
}
