import Platform

/// Whether there is as much memory as a piece of work needs.
enum MemoryDemand {
  /// Bytes of memory that the machine has.
  static var physical: Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }

  /// Refuses work that cannot be held.
  ///
  /// - Parameters:
  ///   - what: the work, for the message.
  ///   - remedy: what to do.
  static func check(_ bytes: Int, _ what: String, remedy: String) throws(EngineError) {
    guard bytes > physical else { return }
    throw .outOfMemory(
      "\(what) needs \(bytes >> 20) MB, and there are \(physical >> 20) MB of memory; \(remedy)")
  }
}
