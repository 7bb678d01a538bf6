import Files

/// A line of a run's results: what was made, and of what.
protocol JournalRow {
  /// The name of the results file.
  static var resultsName: String { get }
  /// What the line is about; lines of one subject belong together.
  var subject: String { get }
  /// The path of the file that was made, relative to the run directory.
  var output: String { get }
  /// The paths of files that may have been made beside it, such as an average.
  var companions: [String] { get }
  /// The values of the columns.
  var fields: [String] { get }
  /// Reads a line; nil where it is none.
  init?(_ fields: [String])
}

extension JournalRow {
  /// None.
  var companions: [String] { [] }
}

/// What a run has done so far, line by line, so that one that was killed can go on.
///
/// A line is added when its images are written. A finished run has none: its results file says the
/// same.
struct RunJournal<Row: JournalRow> {
  /// The file's name in the run directory.
  static var fileName: String { ".lacuna-journal.csv" }
  /// The name of the results file.
  static var resultsName: String { Row.resultsName }

  private let path: String
  private let identity: String

  /// The rows of earlier runs, by subject.
  private(set) var done: [String: [Row]] = [:]

  /// Opens the journal of a directory.
  ///
  /// - Parameter identity: equal for runs that may go on with each other's work.
  init(in directory: OutputDirectory, identity: String) throws {
    path = directory.file(Self.fileName)
    self.identity = identity
    switch directory.policy {
    case .refuse: break
    case .overwrite: try Self.removeOutputs(of: directory)
    case .resume: done = try Self.rows(in: directory, identity: identity)
    }
    if !FileSystem.exists(path) {
      try AtomicFile.write(Array(CSV.line(["lacuna-journal", "1", identity]).utf8), to: path)
    }
  }

  /// Adds rows whose files are written.
  func append(_ rows: [Row]) throws {
    guard !rows.isEmpty else { return }
    try GrowingFile.append(Array(rows.map { CSV.line($0.fields) }.joined().utf8), to: path)
  }

  /// Forgets the journal of a run that is complete.
  func finish() throws { try FileSystem.removeFile(path) }
}

extension RunJournal {
  /// What an earlier run of the same identity has done.
  private static func rows(
    in directory: OutputDirectory, identity: String
  ) throws -> [String: [Row]] {
    let journal = directory.file(fileName)
    var lines: [[String]]
    let former: String
    if FileSystem.exists(journal) {
      lines = CSV.lines(of: try text(journal))
      guard let head = lines.first, head.count == 3, head[0] == "lacuna-journal" else {
        throw OutputError("\(journal): is damaged; --overwrite starts again")
      }
      former = head[2]
      try repair(journal, lines)
    } else if FileSystem.exists(directory.file(RunRecord.fileName)) {
      former = try recordedIdentity(directory.file(RunRecord.fileName))
      lines = CSV.lines(of: try text(directory.file(resultsName)))
    } else if directory.isEmpty {
      return [:]
    } else {
      throw OutputError(
        "\(directory.path): holds no run to resume; --overwrite replaces files of the same names")
    }
    guard former == identity else {
      throw OutputError(
        "\(directory.path): was made with other arguments or another model; resume with the same, "
          + "or start again with --overwrite")
    }
    return Dictionary(grouping: lines.dropFirst().compactMap(Row.init), by: \.subject)
  }

  /// Cuts off a last line that a killed run left half-written, so that the next one starts on its
  /// own.
  private static func repair(_ path: String, _ lines: [[String]]) throws {
    let whole = Array(lines.map(CSV.line).joined().utf8)
    guard try FileSystem.readBytes(path).count != whole.count else { return }
    try AtomicFile.write(whole, to: path)
  }

  /// Removes what an earlier run lists as its own.
  private static func removeOutputs(of directory: OutputDirectory) throws {
    for name in [fileName, resultsName] {
      let path = directory.file(name)
      guard FileSystem.isRegularFile(path) else { continue }
      let rows = CSV.lines(of: try text(path)).compactMap(Row.init)
      for file in Set(rows.flatMap { [$0.output] + $0.companions })
      where !file.hasPrefix("/") && !file.split(separator: "/").contains("..") {
        try FileSystem.removeFile(directory.file(file))
      }
      try FileSystem.removeFile(path)
    }
    try FileSystem.removeFile(directory.file(RunRecord.fileName))
  }

  private static func text(_ path: String) throws -> String {
    String(decoding: try FileSystem.readBytes(path), as: UTF8.self)
  }

  private static func recordedIdentity(_ path: String) throws -> String {
    guard let identity = (try? JSON(reading: try text(path)))?["identity"]?.asText else {
      throw OutputError("\(path): is no record of a run; --overwrite starts again")
    }
    return identity
  }
}
