import Synchronization

/// Results of parallel items, each set once.
final class Collected<Value: Sendable>: Sendable {
  private let slots: Mutex<[Value?]>

  init(count: Int) {
    slots = Mutex([Value?](repeating: nil, count: count))
  }

  func set(_ index: Int, _ value: Value) {
    slots.withLock { $0[index] = value }
  }

  /// All results; every slot must be set.
  var values: [Value] {
    slots.withLock { slots in
      slots.map { slot in
        guard let slot else { preconditionFailure("a parallel item left no result") }
        return slot
      }
    }
  }
}
