import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Asks long work to stop at its next safe place, on SIGINT or SIGTERM.
public enum Interruption {
  private static let flag = Atomic<Bool>(false)

  /// Whether a stop was asked for.
  public static var isRequested: Bool { flag.load(ordering: .relaxed) }

  /// Asks for a stop, as the signals do.
  public static func request() { flag.store(true, ordering: .relaxed) }

  /// Forgets an earlier request.
  public static func reset() { flag.store(false, ordering: .relaxed) }

  /// Turns SIGINT and SIGTERM into requests.
  ///
  /// The second one ends the process as usual.
  public static func catchSignals() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interruption.request()
        signal(number, SIG_DFL)
      }
    }
  }
}

/// Thrown when work stopped because a signal asked for it; what was done is kept.
public struct Interrupted: Error, CustomStringConvertible {
  /// What was kept and how to go on.
  public let description: String

  /// An interruption with this message.
  public init(_ description: String) {
    self.description = description
  }
}
