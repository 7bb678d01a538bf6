import Platform

/// What this process has taken from the system so far.
struct ResourceUsage {
  /// Pages that were handed out without reading a disk.
  let pageFaults: Int
  /// The most memory that was resident at once, in bytes.
  let peakMemory: Int

  static var now: ResourceUsage {
    var usage = rusage()
    // RUSAGE_SELF, whose type differs from system to system.
    getrusage(0, &usage)
    #if os(Linux)
      let peak = ownPeakMemory ?? 1024 * Int(usage.ru_maxrss)
    #else
      let peak = Int(usage.ru_maxrss)
    #endif
    return ResourceUsage(pageFaults: Int(usage.ru_minflt), peakMemory: peak)
  }

  #if os(Linux)
    /// The peak since the program was started.
    ///
    /// The one of `getrusage` counts the starting process too, from whose memory this one was
    /// forked.
    private static var ownPeakMemory: Int? {
      guard let file = fopen("/proc/self/status", "r") else { return nil }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 256)
      while fgets(&line, Int32(line.count), file) != nil {
        let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let words = String(decoding: bytes, as: UTF8.self).split { " \t\n".contains($0) }
        if words.count == 3, words[0] == "VmHWM:" { return Int(words[1]).map { 1024 * $0 } }
      }
      return nil
    }
  #endif
}
