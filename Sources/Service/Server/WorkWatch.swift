import Synchronization

/// How far a request's work is, for who tells its client meanwhile.
final class WorkWatch: Sendable {
  private struct State {
    var ticket: Ticket?
    var outcome: Result<Reply, Problem>?
  }

  private let state = Mutex(State())
  private let changes: AsyncStream<Void>
  private let signal: AsyncStream<Void>.Continuation

  init() {
    // However often it changes, who looks sees the last.
    (changes, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// The work that the queue has taken; nil before.
  var ticket: Ticket? { state.withLock { $0.ticket } }
  /// What came of the request; nil before.
  var outcome: Result<Reply, Problem>? { state.withLock { $0.outcome } }

  /// The queue has taken the work.
  func begin(_ ticket: Ticket) {
    state.withLock { $0.ticket = ticket }
    wake()
  }

  /// The request is answered.
  func finish(_ outcome: Result<Reply, Problem>) {
    state.withLock { $0.outcome = outcome }
    wake()
  }

  /// Lets who waits look again.
  func wake() { signal.yield() }

  /// Waits for a change; one that came since the last wait counts.
  func change() async {
    var iterator = changes.makeAsyncIterator()
    _ = await iterator.next()
  }

  /// Waits until the queue has taken the work, or the request is answered without.
  func whenBegun() async {
    while ticket == nil, outcome == nil, !Task.isCancelled { await change() }
  }
}
