import COneDNN

/// One prepared oneDNN operation.
///
/// It serves one thread at a time.
package final class Plan: @unchecked Sendable {
  private let plan: OpaquePointer
  /// The same for all plans that want weights packed alike.
  private let layout: Int
  /// Bytes of the weights in the plan's own layout.
  package let packedByteCount: Int

  /// Takes over a plan of the library's.
  init(_ plan: OpaquePointer, layout: Int) {
    self.plan = plan
    self.layout = layout
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

  /// Packs float32 weights, those alone that a mask shows where there is one, unless that was done since they last changed, and
  /// runs with them.
  func run(
    source: UnsafeRawPointer, packing weights: Tensor, mask: LinearMask? = nil,
    bias: UnsafePointer<Float>? = nil, destination: UnsafeMutableRawPointer
  ) {
    let form = PackedForm(
      layout: layout, byteOffset: weights.byteOffset, mask: mask?.identifier)
    let packed = weights.buffer.packed(as: form) {
      pack(mask.map { $0.masked(weights) } ?? weights)
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
