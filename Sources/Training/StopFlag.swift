import Synchronization

/// Asks long work to stop at its next safe place.
public final class StopFlag: Sendable {
  private let value = Atomic<Bool>(false)

  /// A flag that is not raised.
  public init() {}

  /// Whether a stop was asked for.
  public var isRaised: Bool { value.load(ordering: .relaxed) }

  /// Asks for a stop; safe in a signal handler.
  public func raise() { value.store(true, ordering: .relaxed) }
}

/// Thrown when work stopped because somebody asked for it; what was done is kept.
public struct Interrupted: Error, CustomStringConvertible {
  /// What was kept and how to go on.
  public let description: String

  /// An interruption with this message.
  public init(_ description: String) {
    self.description = description
  }
}
