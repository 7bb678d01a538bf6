import Files

/// What a recommendation has measured so far.
struct RecommendationJournal {
  private static let kind = "recommendation"

  private let journal: Journal
  /// The plan that an earlier run has made.
  private(set) var plan: RecommendationPlan?
  /// Stages that were begun or left out, and whether they were begun.
  private(set) var stages: [ExactText: Bool] = [:]
  /// Outcomes by the title of their way.
  private(set) var outcomes: [ExactText: CandidateOutcomes] = [:]
  /// Seconds that earlier runs have taken.
  private(set) var seconds = 0.0

  /// Opens the journal of a work directory.
  ///
  /// - Parameters:
  ///   - output: what the run writes, for messages.
  ///   - identity: equal for runs that may go on with each other's work.
  init(_ path: String, of output: String, identity: String, resumes: Bool) throws {
    guard resumes, FileSystem.exists(path) else {
      journal = try Journal.begin(path, kind: Self.kind, identity: identity)
      return
    }
    let records: [[String]]
    (journal, records) = try Journal.resume(path, of: output, kind: Self.kind, identity: identity)
    records.forEach { take($0) }
  }

  private mutating func take(_ record: [String]) {
    if let plan = RecommendationPlan(record) {
      self.plan = plan
    } else if record.count == 3, record[0] == "stage" {
      stages[ExactText(record[1])] = record[2] == "begun"
    } else if record.count == 2, record[0] == "seconds" {
      seconds += Double(record[1]) ?? 0
    } else if record.count == 5, record[0] == "outcome", let round = Int(record[2]),
      let part = Int(record[3])
    {
      outcomes[ExactText(record[1]), default: CandidateOutcomes()].take(
        .init(round: round, part: part), record[4].utf8.map { $0 == UInt8(ascii: "1") })
    }
  }

  private mutating func add(_ records: [[String]]) throws {
    try journal.append(records)
    records.forEach { take($0) }
  }

  /// Notes the plan.
  mutating func add(_ plan: RecommendationPlan) throws { try add([plan.fields]) }

  /// Notes that a stage was begun, or left out.
  mutating func add(stage: String, isBegun: Bool) throws {
    try add([["stage", stage, isBegun ? "begun" : "left out"]])
  }

  /// Notes what was measured, and how long it took.
  mutating func add(
    _ outcomes: [(title: String, cell: CandidateOutcomes.Cell, right: [Bool])], seconds: Double
  ) throws {
    try add(
      outcomes.map { title, cell, right in
        [
          "outcome", title, "\(cell.round)", "\(cell.part)",
          right.map { $0 ? "1" : "0" }.joined(),
        ]
      } + [["seconds", "\(seconds)"]])
  }

  /// Notes how long something took that left no outcome.
  mutating func add(seconds: Double) throws { try add([["seconds", "\(seconds)"]]) }
}
