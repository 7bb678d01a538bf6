import NIOCore
import Synchronization

/// Learns when a client leaves, so that its work can be left too.
///
/// A client that closes only its sending side counts as gone: no common HTTP client does so and waits.
final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler, Sendable {
  typealias InboundIn = Any

  private struct State {
    var isClosed = false
    var last = 0
    var actions: [Int: @Sendable () -> Void] = [:]
  }

  private static let count = Atomic<Int>(0)

  /// Counts connections.
  let number = count.wrappingAdd(1, ordering: .relaxed).newValue
  private let state = Mutex(State())

  /// Whether the client has left.
  var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Runs something when the client leaves, at once where it has; the number is for `forget`.
  func whenClosed(_ action: @escaping @Sendable () -> Void) -> Int {
    let number = state.withLock { state -> Int? in
      guard !state.isClosed else { return nil }
      state.last += 1
      state.actions[state.last] = action
      return state.last
    }
    if number == nil { action() }
    return number ?? 0
  }

  /// Takes back what was to run.
  func forget(_ number: Int) { state.withLock { $0.actions[number] = nil } }

  private func close() {
    let actions = state.withLock { state in
      state.isClosed = true
      defer { state.actions = [:] }
      return state.actions
    }
    for number in actions.keys.sorted() { actions[number]?() }
  }

  func channelInactive(context: ChannelHandlerContext) {
    close()
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .inputClosed? = event as? ChannelEvent { close() }
    context.fireUserInboundEventTriggered(event)
  }
}
