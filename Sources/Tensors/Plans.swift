import COneDNN
import Synchronization

/// One prepared oneDNN operation.
///
/// It serves one thread at a time.
package final class Plan: @unchecked Sendable {
  private let plan: OpaquePointer
  private let shelf: PlanCache.Shelf
  /// Bytes of the weights in the plan's own layout.
  package let packedByteCount: Int

  fileprivate init(_ plan: OpaquePointer, _ shelf: PlanCache.Shelf) {
    self.plan = plan
    self.shelf = shelf
    packedByteCount = onednn_plan_packed_size(plan)
  }

  deinit {
    onednn_plan_free(plan)
  }

  /// Packs dense float32 weights into this plan's layout and type.
  func pack(_ weights: Tensor) -> Buffer {
    let packed = BufferPool.shared.take(byteCount: packedByteCount)
    check(onednn_plan_pack(plan, weights.floats, packed.pointer))
    return packed
  }

  /// Packs float32 weights, unless that was done since they last changed, and runs with them.
  func run(
    source: UnsafeRawPointer, packing weights: Tensor, bias: UnsafePointer<Float>? = nil,
    destination: UnsafeMutableRawPointer
  ) {
    let packed = weights.buffer.packed(as: .init(shelf: shelf, byteOffset: weights.byteOffset)) {
      pack(weights)
    }
    // A buffer whose last use is its pointer would go back to the pool, and to another thread, too early.
    withExtendedLifetime(packed) {
      run(source: source, weights: packed.pointer, bias: bias, destination: destination)
    }
  }

  func run(
    source: UnsafeRawPointer, weights: UnsafeRawPointer, bias: UnsafePointer<Float>? = nil,
    destination: UnsafeMutableRawPointer
  ) {
    check(onednn_plan_run(plan, source, weights, bias, destination))
  }

  /// What all its runs took.
  var statistics: onednn_statistics { onednn_plan_statistics(plan) }

  /// Threads that it was made for.
  var threads: Int { Int(onednn_plan_threads(plan)) }

  /// oneDNN's name for the implementation.
  var implementation: String { String(cString: onednn_plan_implementation(plan)) }

  private func check(_ status: Int32) {
    precondition(status == 0, String(cString: onednn_last_error()))
  }
}

/// What distinguishes one plan from another.
package enum PlanKey: Hashable, Sendable {
  case forward(ConvolutionShape, ElementType, bias: Bool, accumulate: Bool)
  case backwardData(ConvolutionShape, ElementType)
  case backwardWeights(ConvolutionShape, ElementType, bias: Bool)
  case product(ProductShape)
}

/// Plans are costly to make and cheap to keep: they are lent out by key and come back.
///
/// A plan is for so many threads as its maker had, one inside a parallel run, and serves no other number.
package enum PlanCache {
  struct Shelf: Hashable, Sendable {
    let key: PlanKey
    let threads: Int
  }
  private static let idle = Mutex<[Shelf: [Plan]]>([:])

  /// Runs `body` with a plan that nobody else is using.
  package static func withPlan<Result>(_ key: PlanKey, _ body: (Plan) -> Result) -> Result {
    let threads = ThreadPool.isInside ? 1 : ThreadPool.threads
    let plan = take(key, threads: threads)
    defer { giveBack(plan, key, threads: threads) }
    return body(plan)
  }

  /// A plan that nobody else is using, to be given back.
  static func take(_ key: PlanKey, threads: Int) -> Plan {
    idle.withLock { $0[Shelf(key: key, threads: threads)]?.popLast() }
      ?? make(key, threads: Int32(threads))
  }

  static func giveBack(_ plan: Plan, _ key: PlanKey, threads: Int) {
    idle.withLock { $0[Shelf(key: key, threads: threads), default: []].append(plan) }
  }

  /// Time spent inside oneDNN's primitives so far, in seconds, for profiles.
  package static var secondsInPrimitives: Double {
    Double(idlePlans.reduce(0) { $0 + $1.plan.statistics.nanoseconds }) * 1e-9
  }

  /// Every plan that nobody is using, for profiles.
  static var idlePlans: [(key: PlanKey, plan: Plan)] {
    idle.withLock { shelves in
      shelves.flatMap { shelf, plans in plans.map { (shelf.key, $0) } }
    }
  }

  private static func make(_ key: PlanKey, threads: Int32) -> Plan {
    var plan: OpaquePointer?
    let status: Int32
    switch key {
    case .forward(let shape, let type, let bias, let accumulate):
      status = withUnsafePointer(to: shape.native) {
        onednn_convolution_forward(&plan, $0, type.oneDNN, bias, accumulate, threads)
      }
    case .backwardData(let shape, let type):
      status = withUnsafePointer(to: shape.native) {
        onednn_convolution_backward_data(&plan, $0, type.oneDNN, threads)
      }
    case .backwardWeights(let shape, let type, let bias):
      status = withUnsafePointer(to: shape.native) {
        onednn_convolution_backward_weights(&plan, $0, type.oneDNN, bias, threads)
      }
    case .product(let shape):
      status = withUnsafePointer(to: shape.native) { onednn_matrix_product(&plan, $0, threads) }
    }
    guard status == 0, let plan else {
      preconditionFailure("\(String(cString: onednn_last_error())) for \(key)")
    }
    return Plan(plan, Shelf(key: key, threads: Int(threads)))
  }
}
