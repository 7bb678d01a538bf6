extension ThreadPool {
  /// Runs `body` with another number of threads.
  public static func withThreads<Result>(
    _ threads: Int, _ body: () throws -> Result
  ) rethrows -> Result {
    let present = Self.threads
    Self.threads = threads
    defer { Self.threads = present }
    return try body()
  }
}
