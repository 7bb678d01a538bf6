import Models
import Tensors

/// The laws that every model keeps, each a function that gives a sentence for every breach.
///
/// A law looks at what a model can do: one that asks for a capability is silent about models without it.
public enum Laws {
  /// The precisions that laws about bytes are tried in.
  static let precisions: [ElementType] =
    ElementType.fastest == .float32 ? [.float32] : [.float32, ElementType.fastest]

  /// Runs `body` with another number of threads.
  static func withThreads<Result>(_ threads: Int, _ body: () throws -> Result) rethrows -> Result {
    let present = ThreadPool.threads
    ThreadPool.threads = threads
    defer { ThreadPool.threads = present }
    return try body()
  }

  /// The largest magnitude; not a number where any value is none.
  static func largest(_ values: [Float]) -> Float {
    values.reduce(0) { $1.isNaN || $0.isNaN ? .nan : max($0, abs($1)) }
  }
}
