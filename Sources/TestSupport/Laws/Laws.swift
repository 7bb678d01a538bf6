import Models
import Tensors

/// The laws that every model keeps, each a function that gives a sentence for every breach.
///
/// A law is about a capability, and is tried on the models that have it: on another one it is broken. It reads what a
/// model declares, such as the kind of its scores or the outlook of a hole, and never which family it is of; laws of a
/// family stand in `Families`.
public enum Laws {
  /// The precisions that laws about bytes are tried in.
  static let precisions: [ElementType] =
    ElementType.fastest == .float32 ? [.float32] : [.float32, ElementType.fastest]

  /// Runs `body` with another number of threads.
  static func withThreads<Result>(_ threads: Int, _ body: () throws -> Result) rethrows -> Result {
    try ThreadPool.withThreads(threads, body)
  }

  /// The largest magnitude; not a number where any value is none.
  static func largest(_ values: [Float]) -> Float {
    values.reduce(0) { $1.isNaN || $0.isNaN ? .nan : max($0, abs($1)) }
  }
}
