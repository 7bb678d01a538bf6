public import Tensors

/// What a piece of work is given by whoever asks for it: how many threads it may take, the precision that it computes in,
/// and where it learns that it is to stop.
///
/// Nothing of this is looked up elsewhere: two pieces of work in one process may have different ones.
public struct Context: Sendable {
  /// Threads to compute with; nil: as many as the calling thread has.
  public var threads: Int?
  /// The type of activations.
  public var precision: ElementType
  /// Where a stop is asked for.
  public let stop: StopFlag

  /// A context; without a flag nobody asks for a stop.
  public init(
    threads: Int? = nil, precision: ElementType = .fastest, stop: StopFlag = StopFlag()
  ) {
    self.threads = threads
    self.precision = precision
    self.stop = stop
  }

  /// Whether a stop was asked for.
  public var isStopRequested: Bool { stop.isRaised }

  /// Ends work that leaves nothing half done.
  ///
  /// - Throws: `Interrupted` with this message where a stop was asked for.
  public func stopIfAsked(_ message: @autoclosure () -> String) throws {
    if stop.isRaised { throw Interrupted(message()) }
  }

  /// The same in another precision.
  public func with(precision: ElementType) -> Context {
    Context(threads: threads, precision: precision, stop: stop)
  }

  /// The same with at most so many threads.
  ///
  /// One thread draws a tile of images: others would only wait for it, and wake up late on a busy machine.
  public func limited(toThreads most: Int) -> Context {
    Context(
      threads: min(most, threads ?? ThreadPool.threads), precision: precision, stop: stop)
  }

  /// Runs `body` with this number of threads.
  public func run<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard let threads else { return try body() }
    return try ThreadPool.withThreads(threads, body)
  }
}
