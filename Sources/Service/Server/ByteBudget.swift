import Synchronization

/// Memory that bodies of all requests together may take: many connections may send large ones at once.
final class ByteBudget: Sendable {
  private let left: Mutex<Int>

  /// A budget of so many bytes.
  init(_ bytes: Int) { left = Mutex(bytes) }

  /// Takes some; false where there are not as many left.
  func take(_ bytes: Int) -> Bool {
    left.withLock { left in
      guard left >= bytes else { return false }
      left -= bytes
      return true
    }
  }

  /// Gives some back.
  func giveBack(_ bytes: Int) { left.withLock { $0 += bytes } }
}
