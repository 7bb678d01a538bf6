import Images

/// What a task tells whoever watches it.
public struct TaskReporter {
  /// How far a task is.
  public struct Progress: Sendable {
    /// Images behind.
    public let done: Int
    /// Images in all.
    public let total: Int
  }

  /// Called for each input that is skipped, with path and reason; what it throws ends the task.
  public var skip: (String) throws -> Void
  /// Called for what the user should know and what skips no input.
  public var warn: (String) -> Void
  /// Called now and then.
  public var progress: (Progress) -> Void

  /// A reporter of these callbacks.
  public init(
    skip: @escaping (String) throws -> Void = { _ in }, warn: @escaping (String) -> Void = { _ in },
    progress: @escaping (Progress) -> Void = { _ in }
  ) {
    self.skip = skip
    self.warn = warn
    self.progress = progress
  }

  /// Reports an input that cannot be used.
  ///
  /// - Throws: the error itself where no input is to blame, such as too many open files.
  func skip(because error: any Error) throws {
    if let error = error as? ImageError, error.isFailureOfTheRun { throw error }
    try skip("\(error)")
  }
}
