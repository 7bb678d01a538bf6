import CKernels
import COneDNN

/// Where the time of a run goes, operation by operation.
public enum Profile {
  /// Everything that one operation did on one set of shapes.
  public struct Entry: Sendable {
    /// What it is: a kernel's name, or a primitive's with its shapes.
    public var name: String
    /// oneDNN's name for its implementation; nil for our own kernels and copies.
    public var implementation: String?
    /// How often it ran.
    public var runs: Int
    /// Time in it, summed over the threads, in seconds.
    public var seconds: Double
    /// Bytes read and written, counting each operand once.
    public var bytes: Int
    /// Multiplications and additions, 0 where they do not matter.
    public var floatingPointOperations: Int
  }

  /// Starts counting.
  public static func start() { kernels_profile_enable(true) }

  /// What has run since counting began, the longest first.
  ///
  /// oneDNN's primitives are counted from the start of the process.
  public static var entries: [Entry] {
    (kernels + primitives).sorted { ($0.seconds, $0.name) > ($1.seconds, $1.name) }
  }

  private static var kernels: [Entry] {
    var entries: [Entry] = []
    var next = kernels_profile_entries()
    while let entry = next?.pointee {
      let name = String(cString: entry.name).dropFirst("kernels_".count)
      entries.append(
        Entry(
          name: String(name).replacing("_", with: " "), runs: Int(entry.runs),
          seconds: Double(entry.nanoseconds) * 1e-9, bytes: Int(entry.bytes),
          floatingPointOperations: 0))
      next = UnsafePointer(entry.next)
    }
    return entries
  }

  private static var primitives: [Entry] {
    var found: [String: Entry] = [:]
    var copies = Entry(
      name: "packing of weights, staging", runs: 0, seconds: 0, bytes: 0,
      floatingPointOperations: 0)
    for (key, plan) in PlanCache.idlePlans {
      let (statistics, cost) = (plan.statistics, key.cost)
      let (runs, threads) = (Int(statistics.runs), Double(plan.threads))
      let implementation = plan.implementation
      var entry =
        found["\(key.title) \(implementation)"]
        ?? Entry(
          name: key.title, implementation: implementation, runs: 0, seconds: 0, bytes: 0,
          floatingPointOperations: 0)
      entry.runs += runs
      entry.seconds += Double(statistics.nanoseconds) * threads * 1e-9
      entry.bytes += runs * cost.bytes
      entry.floatingPointOperations += runs * cost.floatingPointOperations
      found["\(key.title) \(implementation)"] = entry
      copies.runs += runs
      copies.seconds += Double(statistics.copying_nanoseconds) * threads * 1e-9
    }
    return Array(found.values) + [copies]
  }

  /// The most floating-point operations a second that one thread reaches in a matrix product of this type, the
  /// others idle.
  ///
  /// - Parameter seconds: how long to measure.
  public static func peak(_ elementType: ElementType, seconds: Double = 0.2) -> Double {
    var shape = ProductShape(
      rows: 256, columns: 256, inner: 512, aType: elementType, bType: elementType,
      cType: elementType)
    shape.packed = true
    let plan = PlanCache.take(.product(shape), threads: 1)
    let left = Tensor(repeating: 0.5, shape: [256, 512], elementType)
    let packed = plan.pack(Tensor(repeating: 0.5, shape: [512, 256]))
    let result = Tensor(uninitialized: [256, 256], elementType)
    let operations = Double(PlanKey.product(shape).cost.floatingPointOperations)
    var best = 0.0
    let clock = ContinuousClock()
    let start = clock.now
    while clock.now - start < .seconds(seconds) {
      let spent = clock.measure {
        for _ in 0..<16 {
          withExtendedLifetime((left, packed, result)) {
            plan.run(source: left.pointer, weights: packed.pointer, destination: result.pointer)
          }
        }
      }
      best = max(best, 16 * operations / (Double(spent.components.attoseconds) * 1e-18))
    }
    return best
  }
}
