#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

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
      let unit = 1024
    #else
      let unit = 1
    #endif
    return ResourceUsage(
      pageFaults: Int(usage.ru_minflt), peakMemory: Int(usage.ru_maxrss) * unit)
  }
}
