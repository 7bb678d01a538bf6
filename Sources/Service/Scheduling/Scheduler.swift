import Models
import Tasks
import Tensors
import Training

/// The queue before the one thread that computes.
///
/// Requests of all clients fill tiles together, first come, first served within a client, without any delay. The queue
/// is bounded in rows, images that a model computes: what does not fit is refused at once.
final class Scheduler: Sendable {
  private struct State {
    var waiting = WaitingTickets()
    var errands: [@Sendable () -> Void] = []
    var isClosing = false
    /// Rows a second, lately.
    var speed = 0.0
  }

  /// What the compute thread does next.
  private enum Task {
    case errand(@Sendable () -> Void)
    case turn(WaitingTickets.Turn)
    case leave
  }

  /// The most rows that wait and run.
  let capacity: Int
  private let context: Context
  private let metrics: Metrics
  private let state = Monitor(State())

  init(capacity: Int, _ context: Context, _ metrics: Metrics) {
    self.capacity = capacity
    self.context = context
    self.metrics = metrics
  }

  /// The most rows of one request: the queue holds those of several.
  var mostRowsOfRequest: Int { max(1, capacity / 4) }

  /// Rows and tickets that wait or run.
  var load: (rows: Int, tickets: Int) {
    state.withLock { ($0.waiting.rows, $0.waiting.count) }
  }

  /// Requests that came before this one and wait or run.
  func count(before ticket: Ticket) -> Int {
    state.withLock { $0.waiting.count(before: ticket) }
  }

  /// Whether new work is refused.
  var isClosing: Bool { state.withLock { $0.isClosing } }

  /// Does a ticket's work and gives the answer.
  ///
  /// - Parameter watch: is told of the ticket when the queue has taken it.
  /// - Throws: `Problem` where the queue is full or closed, the request is late or its client has left, or the engine cannot.
  func answer(
    _ ticket: Ticket, by deadline: ContinuousClock.Instant, _ connection: ConnectionWatch,
    _ watch: WorkWatch? = nil
  ) async throws(Problem) -> Ticket.Answer {
    guard ticket.rows <= mostRowsOfRequest else {
      throw .unprocessable(
        "the request takes \(ticket.rows) rows of computation; at most \(mostRowsOfRequest) are given to one",
        remedy: "ask for fewer samples or particles, or a smaller image")
    }
    let refusal = state.change { state -> Problem? in
      if state.isClosing { return .closing }
      state.waiting.dropSettled()
      guard state.waiting.rows + ticket.rows <= capacity else {
        let seconds = state.speed > 0 ? Double(state.waiting.rows) / state.speed : 1
        return .queueFull(retryAfter: max(1, min(60, Int(seconds.rounded(.up)))))
      }
      state.waiting.add(ticket)
      return nil
    }
    if let refusal { throw refusal }
    watch?.begin(ticket)
    let number = connection.whenClosed { [state] in
      ticket.settle(.failure(.clientLeft))
      state.change { $0.waiting.dropSettled() }
    }
    let clock = _Concurrency.Task {
      // A sleep that is cancelled keeps its memory until its time has come: short ones keep it for a moment.
      while ContinuousClock.now < deadline {
        let next = min(deadline, .now + .seconds(1))
        guard (try? await _Concurrency.Task.sleep(until: next, clock: .continuous)) != nil else {
          return
        }
      }
      ticket.settle(.failure(.late))
    }
    let outcome = await ticket.outcome()
    clock.cancel()
    connection.forget(number)
    return try outcome.get()
  }

  /// Runs something on the compute thread, between two turns, and waits for it.
  func perform<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
      state.change { $0.errands.append { continuation.resume(returning: body()) } }
    }
  }

  /// Refuses new work from now on.
  func close() { state.change { $0.isClosing = true } }

  /// Computes until the queue is closed and empty: this thread is the only one that calls kernels.
  ///
  /// The thread pool keeps a team of threads for each thread that computes.
  func run() {
    var lanes: [LaneKey: Lane] = [:]
    let threads = context.threads ?? ThreadPool.threads
    while true {
      let task = state.wait { state -> Task? in
        if !state.errands.isEmpty { return .errand(state.errands.removeFirst()) }
        state.waiting.dropSettled()
        if let turn = state.waiting.next(threads: threads) { return .turn(turn) }
        return state.isClosing ? .leave : nil
      }
      switch task {
      case .errand(let body): body()
      case .leave: return
      case .turn(let turn): take(turn, &lanes)
      }
    }
  }

  private func take(_ turn: WaitingTickets.Turn, _ lanes: inout [LaneKey: Lane]) {
    let start = ContinuousClock.now
    do throws(EngineError) {
      let lane: Lane
      if let known = lanes[turn.lane] { lane = known } else { lane = try Lane(turn.lane, context) }
      lanes[turn.lane] = lane
      try step(lane, turn.shares)
    } catch {
      for (ticket, _) in turn.shares { ticket.settle(.failure(Problem(error))) }
    }
    for (ticket, rows) in turn.shares { ticket.advance(by: rows) }
    // An idle lane holds nothing but a model that may have been replaced.
    for lane in lanes.values { lane.dropSettled() }
    lanes = lanes.filter { !$0.value.isIdle }
    let seconds = start.duration(to: .now).inSeconds
    metrics.computed(rows: turn.rows, seconds: seconds)
    state.withLock { state in
      let speed = Double(turn.rows) / max(seconds, 1e-6)
      state.speed = state.speed == 0 ? speed : 0.8 * state.speed + 0.2 * speed
      state.waiting.dropSettled()
    }
  }

  /// Goes on with tickets; where that fails, with each alone, so that nobody fails for another's picture.
  private func step(
    _ lane: Lane, _ shares: [(ticket: Ticket, rows: Int)]
  ) throws(EngineError) {
    do throws(EngineError) {
      try lane.step(shares)
    } catch {
      guard shares.count > 1 else { throw error }
      for share in shares where !share.ticket.isSettled {
        do throws(EngineError) {
          try lane.step([share])
        } catch {
          share.ticket.settle(.failure(Problem(error)))
        }
      }
    }
  }
}
