import CKernels
import Synchronization

/// The one pool of threads that oneDNN and the elementwise kernels share.
public enum ThreadPool {
  /// The number of threads that work of the calling thread is spread over.
  ///
  /// OpenMP keeps the number for each thread: one set on a thread does not reach another.
  public static var threads: Int {
    get { Int(kernels_threads()) }
    set { kernels_set_threads(Int32(max(1, newValue))) }
  }

  /// Runs `body` for every item of `0 ..< count`, one at a time a thread, and waits for all.
  ///
  /// Operations inside `body` stay on its thread.
  public static func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      let box = Box(body: body)
      withExtendedLifetime(box) {
        kernels_parallel_items(
          Int64(count),
          { context, begin, _ in
            guard let context else { return }
            Unmanaged<Box>.fromOpaque(context).takeUnretainedValue().body(Int(begin))
          }, Unmanaged.passUnretained(box).toOpaque())
      }
    }
  }

  /// The results of `body` for every item of `0 ..< count`, in order, computed side by side.
  public static func map<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> Result
  ) -> [Result] {
    let slots = Mutex([Result?](repeating: nil, count: count))
    forEach(count) { item in
      let result = body(item)
      slots.withLock { $0[item] = result }
    }
    return slots.withLock { $0.compactMap { $0 } }
  }

  /// Whether the caller is inside `forEach`, where every operation stays on its thread.
  static var isInside: Bool { kernels_in_parallel() != 0 }

  private final class Box: Sendable {
    let body: @Sendable (Int) -> Void
    init(body: @escaping @Sendable (Int) -> Void) { self.body = body }
  }
}
