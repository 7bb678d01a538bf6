import COneDNN
import Synchronization

/// Plans are costly to make and cheap to keep: they are lent out by key and come back.
///
/// A plan is for so many threads as its maker had, one inside a parallel run, and serves no other number.
package enum PlanCache {
  private struct Shelf: Hashable, Sendable {
    let key: PlanKey
    let threads: Int
  }
  private static let idle = Mutex<[Shelf: [Plan]]>([:])
  /// A number for the layout of each shelf's weights.
  private static let layouts = Mutex<[Shelf: Int]>([:])

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
    return Plan(plan, layout: layout(of: Shelf(key: key, threads: Int(threads))))
  }

  private static func layout(of shelf: Shelf) -> Int {
    layouts.withLock { layouts in
      let layout = layouts[shelf] ?? layouts.count
      layouts[shelf] = layout
      return layout
    }
  }
}
