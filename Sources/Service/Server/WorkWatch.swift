import Synchronization

/// How far a request's work is, for who tells its client meanwhile.
final class WorkWatch: Sendable {
  private struct State {
    var ticket: Ticket?
    var reply: Reply?
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
  var reply: Reply? { state.withLock { $0.reply } }

  /// The queue has taken the work.
  func begin(_ ticket: Ticket) {
    state.withLock { $0.ticket = ticket }
    wake()
  }

  /// The request is answered.
  func finish(_ reply: Reply) {
    state.withLock { $0.reply = reply }
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
    while ticket == nil, reply == nil, !Task.isCancelled { await change() }
  }
}
