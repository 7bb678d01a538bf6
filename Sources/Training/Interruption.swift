import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Asks long work to stop at its next safe place, on SIGINT or SIGTERM.
public enum Interruption {
  /// Where a stop is asked for.
  public final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    /// Whether a stop was asked for.
    public var isRaised: Bool { value.load(ordering: .relaxed) }

    /// Asks for a stop.
    public func raise() { value.store(true, ordering: .relaxed) }
  }

  private static let ofProcess = Flag()
  @TaskLocal private static var ofTask: Flag?

  /// The flag that work of this task looks at: the process's, unless it has one of its own.
  public static var current: Flag { ofTask ?? ofProcess }

  /// Whether a stop was asked for.
  public static var isRequested: Bool { current.isRaised }

  /// Runs with a flag of its own, so that a stop asked for in here stops nothing else.
  public static func withOwnFlag<Result>(_ body: () throws -> Result) rethrows -> Result {
    try $ofTask.withValue(Flag()) { try body() }
  }

  /// Turns SIGINT and SIGTERM into requests.
  ///
  /// The second one ends the process as usual.
  public static func catchSignals() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interruption.ofProcess.raise()
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
