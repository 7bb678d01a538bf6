/// What a run has done so far, line by line, so that one that was killed can go on.
///
/// Lines of CSV: a head, `lacuna-KIND,VERSION,IDENTITY`, and then records, each added when the
/// files that it tells of are written, so that it never promises too much. A last line that was cut
/// short does not count.
package struct Journal: Sendable {
  /// The version of the lines that this build writes and reads.
  private static let version = "1"

  private let path: String

  /// Begins a journal; one that stands there is replaced.
  ///
  /// - Parameters:
  ///   - kind: whose records it holds, such as `embedding`.
  ///   - identity: equal for runs that may go on with each other's work.
  package static func begin(
    _ path: String, kind: String, identity: String
  ) throws(FileError) -> Journal {
    try AtomicFile.write(Array(head(kind, identity).utf8), to: path)
    return Journal(path: path)
  }

  /// Opens the journal that an earlier run of the same identity left; what was half-written is cut
  /// off.
  ///
  /// - Parameters:
  ///   - output: what the run writes, for messages.
  ///   - whole: how many of these records, from the first on, count; the others are cut off too.
  /// - Returns: the journal and what the earlier run has done.
  /// - Throws: `OutputError` where the journal is damaged, of another version or of a run of another
  ///   identity; `FileError`.
  package static func resume(
    _ path: String, of output: String, kind: String, identity: String,
    whole: ([[String]]) throws -> Int = \.count
  ) throws -> (journal: Journal, records: [[String]]) {
    let bytes = try FileSystem.readBytes(path)
    let lines = CSV.lines(of: String(decoding: bytes, as: UTF8.self))
    guard let head = lines.first, head.count == 3, head[0] == "lacuna-\(kind)" else {
      throw OutputError("\(path): is damaged; --overwrite starts again")
    }
    guard head[1] == version else {
      throw OutputError(
        "\(path): is of another version of lacuna; resume with that one, or start again with "
          + "--overwrite")
    }
    try check(head[2], is: identity, of: output)
    let all = Array(lines.dropFirst())
    let records = Array(all.prefix(try whole(all)))
    let text = Self.head(kind, identity) + records.map(CSV.line).joined()
    // The next record starts on a line of its own.
    if !text.utf8.elementsEqual(bytes) { try AtomicFile.write(Array(text.utf8), to: path) }
    return (Journal(path: path), records)
  }

  /// Makes sure that the identity of an earlier run is this one's.
  package static func check(
    _ former: String, is identity: String, of output: String
  ) throws(OutputError) {
    guard former != identity else { return }
    throw OutputError(
      "\(output): was made with \(RunIdentity.changes(from: former, to: identity)); resume with the "
        + "same, or start again with --overwrite")
  }

  /// Adds records whose files are written.
  package func append(_ records: [[String]]) throws(FileError) {
    guard !records.isEmpty else { return }
    try GrowingFile.append(Array(records.map(CSV.line).joined().utf8), to: path)
  }

  /// Removes the journal of a run that is complete.
  package func finish() throws(FileError) { try FileSystem.removeFile(path) }

  private static func head(_ kind: String, _ identity: String) -> String {
    CSV.line(["lacuna-\(kind)", version, identity])
  }
}
