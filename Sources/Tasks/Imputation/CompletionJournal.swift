import Images

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a run has done so far, line by line, so that one that was killed can go on.
///
/// A line is added when its images are written. A finished run has none: its `completions.csv` says
/// the same.
struct CompletionJournal {
  /// The file's name in the run directory.
  static let fileName = ".lacuna-journal.csv"
  /// The name of the results file.
  static let resultsName = "completions.csv"

  private let path: String
  private let identity: String

  /// The completions of earlier runs, by image.
  private(set) var done: [String: [CompletionRow]] = [:]

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

  /// Adds completions whose files are written.
  func append(_ rows: [CompletionRow]) throws {
    guard !rows.isEmpty else { return }
    try GrowingFile.append(Array(rows.map { CSV.line($0.fields) }.joined().utf8), to: path)
  }

  /// Forgets the journal of a run that is complete.
  func finish() throws { try FileSystem.removeFile(path) }
}

extension CompletionJournal {
  /// What an earlier run of the same identity has done.
  private static func rows(
    in directory: OutputDirectory, identity: String
  ) throws -> [String: [CompletionRow]] {
    let journal = directory.file(fileName)
    var lines: [[String]]
    let former: String
    if FileSystem.exists(journal) {
      lines = CSV.lines(of: try text(journal))
      guard let head = lines.first, head.count == 3, head[0] == "lacuna-journal" else {
        throw TaskError("\(journal): is damaged; --overwrite starts again")
      }
      former = head[2]
      try repair(journal, lines)
    } else if FileSystem.exists(directory.file(RunRecord.fileName)) {
      former = try recordedIdentity(directory.file(RunRecord.fileName))
      lines = CSV.lines(of: try text(directory.file(resultsName)))
    } else if directory.isEmpty {
      return [:]
    } else {
      throw TaskError(
        "\(directory.path): holds no run to resume; --overwrite replaces files of the same names")
    }
    guard former == identity else {
      throw TaskError(
        "\(directory.path): was made with other arguments or another model; resume with the same, "
          + "or start again with --overwrite")
    }
    return Dictionary(grouping: lines.dropFirst().compactMap(CompletionRow.init), by: \.image)
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
      for row in CSV.lines(of: try text(path)).compactMap(CompletionRow.init)
      where !row.output.hasPrefix("/") && !row.output.split(separator: "/").contains("..") {
        try FileSystem.removeFile(directory.file(row.output))
      }
      try FileSystem.removeFile(path)
    }
    try FileSystem.removeFile(directory.file(RunRecord.fileName))
  }

  private static func text(_ path: String) throws -> String {
    String(decoding: try FileSystem.readBytes(path), as: UTF8.self)
  }

  private static func recordedIdentity(_ path: String) throws -> String {
    struct Record: Decodable {
      var identity: String
    }
    do {
      return try JSONDecoder().decode(Record.self, from: Data(FileSystem.readBytes(path))).identity
    } catch is DecodingError {
      throw TaskError("\(path): is no record of a run; --overwrite starts again")
    }
  }
}
