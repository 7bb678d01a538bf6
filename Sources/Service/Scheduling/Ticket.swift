import Models
import Synchronization
import Tasks

/// A piece of work that waits for its turn, and whoever waits for it.
final class Ticket: Sendable {
  /// What is to be done.
  enum Work: Sendable {
    /// A picture to be filled, some times, with this seed.
    case fill(HoledPicture, samples: Int, seed: UInt64)
    /// Images to be drawn.
    case draw([SampleRequest])
    /// Images to be encoded: their levels.
    case encode([[Float]])
    /// Images to be scored: their levels and classes.
    case score([[Float]], labels: [Int?])
  }

  /// What came of it.
  enum Answer: Sendable {
    case filled(HoleFilling.Filled)
    case drawn([DrawnSample])
    case encoded([FeatureEncoder.Features])
    case scored([Double])
  }

  private struct State {
    var outcome: Result<Answer, Problem>?
    var waiting: CheckedContinuation<Result<Answer, Problem>, Never>?
  }

  let work: Work
  let lane: LaneKey
  /// Images that a model computes for it.
  let rows: Int
  /// Those of one sample of a window of its picture, which cannot be computed apart; 1 where each row can.
  let rowsOfStep: Int
  /// Whose it is: turns are taken by clients, not by tickets.
  let client: Client
  /// Tickets are numbered as they come.
  let number = count.wrappingAdd(1, ordering: .relaxed).newValue
  private static let count = Atomic<Int>(0)
  private let computed = Atomic<Int>(0)
  private let state = Mutex(State())

  init(
    _ work: Work, _ lane: LaneKey, rows: Int, ofStep rowsOfStep: Int = 1, client: Client
  ) {
    self.work = work
    self.lane = lane
    self.rows = rows
    self.rowsOfStep = rowsOfStep
    self.client = client
  }

  /// Rows that are computed, at most all.
  var rowsDone: Int { min(rows, computed.load(ordering: .relaxed)) }

  /// Some more rows are computed.
  func advance(by rows: Int) {
    computed.add(rows, ordering: .relaxed)
  }

  /// Whether nobody waits any more: it is answered, given up or late.
  var isSettled: Bool { state.withLock { $0.outcome != nil } }

  /// Tells who waits; only the first outcome counts.
  func settle(_ outcome: Result<Answer, Problem>) {
    let waiting = state.withLock { state -> CheckedContinuation<Result<Answer, Problem>, Never>? in
      guard state.outcome == nil else { return nil }
      state.outcome = outcome
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume(returning: outcome)
  }

  /// Waits for the outcome.
  func outcome() async -> Result<Answer, Problem> {
    await withCheckedContinuation { continuation in
      let known = state.withLock { state in
        if state.outcome == nil { state.waiting = continuation }
        return state.outcome
      }
      if let known { continuation.resume(returning: known) }
    }
  }
}

/// Whose turn it is: a key where the service asks for keys, otherwise a connection.
enum Client: Hashable, Sendable {
  case key(Int)
  case connection(Int)
}
