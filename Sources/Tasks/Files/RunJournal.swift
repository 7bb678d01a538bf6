import Files

/// A line of a run's results: what was made, and of what.
protocol JournalRow {
  /// The name of the results file.
  static var resultsName: String { get }
  /// The names of the columns.
  static var header: [String] { get }
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
/// results file says the same. Where outputs depend on files that may change, a line ends with a
/// digest of their contents, which a finished run keeps in its record.
struct RunJournal<Row: JournalRow> {
  /// The file's name in the run directory.
  static var fileName: String { ".lacuna-journal.csv" }
  /// The name of the results file.
  static var resultsName: String { Row.resultsName }

  private let journal: Journal

  /// The rows of earlier runs, by subject.
  private(set) var done: [ExactText: [Row]] = [:]
  /// The digests of what they were made from, by subject; empty where outputs depend on the run's
  /// identity alone.
  private(set) var digests: [ExactText: String] = [:]

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
      take(records)
      return
    case .resume: records = try Self.results(in: directory, identity: identity)
    }
    journal = try Journal.begin(path, kind: "journal", identity: identity)
    take(records)
  }

  /// Adds rows whose files are written, with the digest of what each subject was made from, if any.
  func append(_ rows: [Row], digests: [ExactText: String] = [:]) throws {
    try journal.append(rows.map { $0.fields + [digests[$0.subject]].compactMap { $0 } })
  }

  /// Notes that files of these subjects are about to be replaced: until rows are added again, they
  /// are not done.
  func forget(_ subjects: [String]) throws { try journal.append(subjects.map { ["forget", $0] }) }

  /// Forgets the journal of a run that is complete.
  func finish() throws { try journal.finish() }

  /// Takes over what records say, in their order.
  private mutating func take(_ records: [[String]]) {
    for record in records {
      if record.count == 2, record[0] == "forget" {
        done[record[1]] = nil
        digests[record[1]] = nil
      } else if let (row, digest) = Self.row(record) {
        done[ExactText(row.subject), default: []].append(row)
        digests[row.subject] = digest
      }
    }
  }
}

extension RunJournal {
  /// A row, and the digest that may follow it.
  private static func row(_ record: [String]) -> (row: Row, digest: String?)? {
    if let row = Row(record) { return (row, nil) }
    return Row(Array(record.dropLast())).map { ($0, record.last) }
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
    let (former, digests) = try recorded(record)
    try Journal.check(former, is: identity, of: directory.path)
    return CSV.lines(of: try text(directory.file(resultsName))).dropFirst().map { record in
      record + [Row(record).flatMap { digests[$0.subject] }].compactMap { $0 }
    }
  }

  /// Removes what an earlier run lists as its own.
  private static func removeOutputs(of directory: OutputDirectory) throws {
    for name in [fileName, resultsName] {
      let path = directory.file(name)
      guard FileSystem.isRegularFile(path) else { continue }
      let rows = CSV.lines(of: try text(path)).compactMap { row($0)?.row }
      for file in ExactText.distinct(rows.flatMap { [$0.output] + $0.companions }) {
        try directory.remove(file)
      }
      try directory.remove(name)
    }
    try directory.remove(RunRecord.fileName)
    try directory.remove(ShardRecord.fileName)
  }

  private static func text(_ path: String) throws -> String {
    String(decoding: try FileSystem.readBytes(path), as: UTF8.self)
  }

  /// The identity of a finished run, and the digests of what it has made each subject from.
  private static func recorded(
    _ path: String
  ) throws -> (identity: String, digests: [ExactText: String]) {
    let record = try? JSON(reading: try text(path))
    guard let identity = record?["identity"]?.asText else {
      throw OutputError("\(path): is no record of a run; --overwrite starts again")
    }
    var digests: [ExactText: String] = [:]
    if case .object(let entries)? = record?[RunRecord.inputsName] {
      for (subject, digest) in entries { digests[subject] = digest.asText }
    }
    return (identity, digests)
  }
}
