import Files

/// Whether there is as much memory as a piece of work needs.
enum MemoryDemand {
  /// Refuses work that cannot be held.
  ///
  /// - Parameters:
  ///   - what: the work, for the message.
  ///   - remedy: what to do.
  static func check(_ bytes: Int, _ what: String, remedy: String) throws(EngineError) {
    let physical = SystemCalls.physicalMemory
    guard bytes > physical else { return }
    throw .outOfMemory(
      "\(what) needs \(bytes >> 20) MB, and there are \(physical >> 20) MB of memory; \(remedy)")
  }
}
