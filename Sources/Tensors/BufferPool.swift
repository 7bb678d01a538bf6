import Platform
import Synchronization

/// Memory of one tensor: 64-byte aligned, taken from the pool and given back to it.
package final class Buffer: @unchecked Sendable {
  package let pointer: UnsafeMutableRawPointer
  fileprivate let sizeClass: Int
  private let packedForms = Mutex<[PackedForm: Buffer]>([:])

  fileprivate init(pointer: UnsafeMutableRawPointer, sizeClass: Int) {
    self.pointer = pointer
    self.sizeClass = sizeClass
  }

  deinit {
    BufferPool.shared.giveBack(pointer, sizeClass: sizeClass)
  }

  /// The weights in this memory in another layout, packed once for all that ask until they change.
  func packed(as form: PackedForm, _ pack: () -> Buffer) -> Buffer {
    packedForms.withLock { forms in
      if let packed = forms[form] { return packed }
      let packed = pack()
      forms[form] = packed
      return packed
    }
  }

  /// Drops what was packed: to be called by whatever changes the memory in place.
  func hasChanged() { packedForms.withLock { $0.removeAll(keepingCapacity: true) } }
}

/// Which of the layouts that weights in a buffer were packed into, and where in the buffer they begin.
struct PackedForm: Hashable, Sendable {
  /// A number that whoever packs gives to each of its layouts.
  let layout: Int
  let byteOffset: Int
  /// The mask that they were packed under; nil for none.
  var mask: UInt64?
}

/// Keeps memory that tensors no longer use for the next ones.
///
/// Fresh memory costs as much as arithmetic (the kernel clears every page), so a steady training
/// step takes all of its buffers from here. Sizes are rounded up to an eighth of a power of two.
package final class BufferPool: Sendable {
  package static let shared = BufferPool()

  private struct Contents: @unchecked Sendable {
    var free: [Int: [UnsafeMutableRawPointer]] = [:]
    var taken = 0
    /// What is left of the slab that small pieces come from lies at its beginning.
    var slab: UnsafeMutableRawPointer?
    var slabLeft = 0
  }

  /// Bytes of a slab.
  private static let slabSize = 8 << 20
  private let contents = Mutex(Contents())

  /// Bytes that were ever taken from the system.
  package var bytesFromSystem: Int { contents.withLock { $0.taken } }

  package func take(byteCount: Int) -> Buffer {
    let size = Self.sizeClass(byteCount)
    let kept = contents.withLock { $0.free[size]?.popLast() }
    if let kept { return Buffer(pointer: kept, sizeClass: size) }
    return Buffer(pointer: fromSystem(size), sizeClass: size)
  }

  fileprivate func giveBack(_ pointer: UnsafeMutableRawPointer, sizeClass: Int) {
    Self.poison(pointer, sizeClass)
    contents.withLock { $0.free[sizeClass, default: []].append(pointer) }
  }

  /// Memory that the system has not handed out yet: small pieces from a common slab, so that they lie on huge pages
  /// too, large ones alone.
  private func fromSystem(_ size: Int) -> UnsafeMutableRawPointer {
    contents.withLock { contents in
      guard size < Self.slabSize / 4 else {
        contents.taken += size
        return Self.allocate(size)
      }
      if let slab = contents.slab, contents.slabLeft >= size {
        contents.slabLeft -= size
        return slab + contents.slabLeft
      }
      // What is left of the old slab is lost: less than a quarter of it.
      let slab = Self.allocate(Self.slabSize)
      contents.slab = slab
      contents.slabLeft = Self.slabSize - size
      contents.taken += Self.slabSize
      return slab + contents.slabLeft
    }
  }

  /// Fresh memory, on huge pages where it fills one: every page is one look-up less for the processor.
  private static func allocate(_ size: Int) -> UnsafeMutableRawPointer {
    let huge = 2 << 20
    var pointer: UnsafeMutableRawPointer?
    let status = posix_memalign(&pointer, size >= huge ? huge : 64, size)
    guard status == 0, let pointer else {
      fatalError("out of memory: \(size) bytes for a tensor; a smaller --batch needs less")
    }
    #if os(Linux)
      if size >= huge { madvise(pointer, size, MADV_HUGEPAGE) }
    #endif
    poison(pointer, size)
    return pointer
  }

  /// Fills memory that nobody may read with NaN, in a build for `make test-poisoned`: what is read before it is written, or
  /// beyond a tensor's end, then shows in every result.
  private static func poison(_ pointer: UnsafeMutableRawPointer, _ size: Int) {
    #if POISONED
      memset(pointer, 0xFF, size)
    #endif
  }

  /// Rounds up to a multiple of 64 and of an eighth of the power of two below.
  private static func sizeClass(_ byteCount: Int) -> Int {
    let least = max(byteCount, 64)
    let step = max(64, (1 << (Int.bitWidth - 1 - least.leadingZeroBitCount)) / 8)
    return (least + step - 1) / step * step
  }
}
