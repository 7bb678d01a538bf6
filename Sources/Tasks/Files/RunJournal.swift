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
/// A line is added to a ``Journal`` when its images are written. A finished run has none: its
/// results file says the same.
struct RunJournal<Row: JournalRow> {
  /// The file's name in the run directory.
  static var fileName: String { ".lacuna-journal.csv" }
  /// The name of the results file.
  static var resultsName: String { Row.resultsName }

  private let journal: Journal

  /// The rows of earlier runs, by subject.
  private(set) var done: [ExactText: [Row]] = [:]

  /// Opens the journal of a directory.
  ///
  /// - Parameter identity: equal for runs that may go on with each other's work.
  init(in directory: OutputDirectory, identity: String) throws {
    let path = directory.file(Self.fileName)
    var records: [[String]] = []
    switch directory.policy {
    case .refuse: break
    case .overwrite: try Self.removeOutputs(of: directory)
    case .resume where FileSystem.exists(path):
      (journal, records) = try Journal.resume(
        path, of: directory.path, kind: "journal", identity: identity)
      done = Self.rows(records)
      return
    case .resume: records = try Self.results(in: directory, identity: identity)
    }
    journal = try Journal.begin(path, kind: "journal", identity: identity)
    done = Self.rows(records)
  }

  /// Adds rows whose files are written.
  func append(_ rows: [Row]) throws { try journal.append(rows.map(\.fields)) }

  /// Forgets the journal of a run that is complete.
  func finish() throws { try journal.finish() }
}

extension RunJournal {
  private static func rows(_ records: [[String]]) -> [ExactText: [Row]] {
    Dictionary(grouping: records.compactMap(Row.init)) { ExactText($0.subject) }
  }

  /// What an earlier run of the same identity says in its results file that it has done.
  private static func results(
    in directory: OutputDirectory, identity: String
  ) throws -> [[String]] {
    let record = directory.file(RunRecord.fileName)
    guard FileSystem.exists(record) else {
      if directory.isEmpty { return [] }
      throw OutputError(
        "\(directory.path): holds no run to resume; --overwrite replaces files of the same names")
    }
    try Journal.check(try recordedIdentity(record), is: identity, of: directory.path)
    return Array(CSV.lines(of: try text(directory.file(resultsName))).dropFirst())
  }

  /// Removes what an earlier run lists as its own.
  private static func removeOutputs(of directory: OutputDirectory) throws {
    for name in [fileName, resultsName] {
      let path = directory.file(name)
      guard FileSystem.isRegularFile(path) else { continue }
      let rows = CSV.lines(of: try text(path)).compactMap(Row.init)
      for file in ExactText.distinct(rows.flatMap { [$0.output] + $0.companions }) {
        try directory.remove(file)
      }
      try directory.remove(name)
    }
    try directory.remove(RunRecord.fileName)
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
