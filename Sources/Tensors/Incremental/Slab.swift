import CKernels

/// Memory that an incremental computation rewrites piece by piece, as a cached sampler does;
/// tensors never change, slabs do.
///
/// One thread uses a slab at a time. Places are counted in elements.
package final class Slab {
  /// What one element is.
  package let elementType: ElementType
  /// The number of elements.
  package let count: Int
  private let buffer: Buffer

  /// A slab of zeros.
  package init(_ count: Int, _ elementType: ElementType) {
    self.elementType = elementType
    self.count = count
    buffer = BufferPool.shared.take(byteCount: count * elementType.byteCount)
    clear()
  }

  /// Sets every element to zero.
  package func clear() {
    buffer.pointer.initializeMemory(
      as: UInt8.self, repeating: 0, count: count * elementType.byteCount)
  }

  /// Overwrites all elements by as many of the same type that lie there.
  func copy(from source: UnsafeRawPointer) {
    buffer.pointer.copyMemory(from: source, byteCount: count * elementType.byteCount)
  }

  /// Overwrites the elements by those of a tensor, converted.
  package func fill(with tensor: Tensor) {
    precondition(tensor.count == count, "\(tensor.shape) in a slab of \(count)")
    kernels_convert(
      tensor.elementType.kernels, tensor.pointer, elementType.kernels,
      pointer(at: 0, spanning: count), Int64(count))
  }

  /// Moves every row of `[images, rows, length]` one up; the first is lost, the last stays as it is.
  package func moveRowsUp(images: Int, rows: Int, length: Int) {
    let stride = rows * length
    for row in 1..<max(1, rows) {
      SlabRows(self, at: row * length, stride: stride)
        .copy(
          to: SlabRows(self, at: (row - 1) * length, stride: stride), rows: images, columns: length)
    }
  }

  /// Overwrites image i of `[images, ...]` by image `sources[i]`.
  ///
  /// - Parameter sources: a place for each image; a source must stay as it is: `sources[sources[i]] == sources[i]`.
  package func copyImages(_ sources: [Int]) {
    precondition(count % sources.count == 0, "\(sources.count) images in \(count) elements")
    let length = count / sources.count
    for (image, source) in sources.enumerated() where image != source {
      precondition(sources[source] == source, "image \(source) is copied and overwritten")
      let row = SlabRows(self, at: source * length, stride: length)
      row.copy(
        to: SlabRows(self, at: image * length, stride: length), rows: 1, columns: length)
    }
  }

  func pointer(at place: Int, spanning length: Int) -> UnsafeMutableRawPointer {
    precondition(place >= 0 && place + length <= count, "a place outside of a slab")
    return buffer.pointer + place * elementType.byteCount
  }
}

/// Rows of a slab that lie `stride` elements apart.
package struct SlabRows {
  let slab: Slab
  let start: Int
  let stride: Int

  /// The rows that begin at `start`.
  package init(_ slab: Slab, at start: Int = 0, stride: Int) {
    self.slab = slab
    self.start = start
    self.stride = stride
  }

  func pointer(rows: Int, columns: Int) -> UnsafeMutableRawPointer {
    slab.pointer(at: start, spanning: (rows - 1) * stride + columns)
  }

  /// Copies `columns` elements of each row to `target`.
  package func copy(to target: SlabRows, rows: Int, columns: Int) {
    precondition(slab.elementType == target.slab.elementType)
    let size = Int64(slab.elementType.byteCount)
    kernels_copy_rows(
      pointer(rows: rows, columns: columns), Int64(stride) * size,
      target.pointer(rows: rows, columns: columns), Int64(target.stride) * size,
      Int64(columns) * size, Int64(rows))
  }

  /// Writes float32 values, `columns` a row.
  package func write(_ values: [Float], rows: Int, columns: Int) {
    precondition(values.count == rows * columns)
    let target = pointer(rows: rows, columns: columns)
    values.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      for row in 0..<rows {
        kernels_convert(
          KERNELS_FLOAT32, base + row * columns, slab.elementType.kernels,
          target + row * stride * slab.elementType.byteCount, Int64(columns))
      }
    }
  }

  /// tanh(a + c_a) * sigmoid(b + c_b) of rows of `2 * channels`, into dense rows of `channels`.
  ///
  /// - Parameters:
  ///   - condition: float32 `[groups, 2 * channels]`; each row of it is for as many rows in turn.
  ///   - accumulating: adds to what `target` holds instead of overwriting it.
  package func gate(
    into target: SlabRows, rows: Int, channels: Int, condition: Tensor? = nil,
    accumulating: Bool = false
  ) {
    precondition(target.stride == channels, "a gate writes dense rows")
    let groups = condition.map { $0.count / (2 * channels) } ?? rows
    precondition(groups > 0 && rows % groups == 0)
    precondition(condition.map { $0.count == groups * 2 * channels } ?? true)
    let output = target.pointer(rows: rows, columns: channels)
    kernels_gate_forward(
      slab.elementType.kernels, pointer(rows: rows, columns: 2 * channels), Int64(stride),
      condition?.floats, accumulating ? output : nil, output, Int64(rows), Int64(rows / groups),
      Int64(channels))
  }

  /// max(0, x) of dense rows, into dense rows.
  package func relu(into target: SlabRows, rows: Int, columns: Int) {
    map(KERNELS_RELU, into: target, rows: rows, columns: columns)
  }

  /// x sigmoid(x) of dense rows, into dense rows.
  package func silu(into target: SlabRows, rows: Int, columns: Int) {
    map(KERNELS_SILU, into: target, rows: rows, columns: columns)
  }

  private func map(
    _ function: kernels_unary_function, into target: SlabRows, rows: Int, columns: Int
  ) {
    precondition(stride == columns && target.stride == columns)
    kernels_unary(
      function, 0, 0, slab.elementType.kernels, pointer(rows: rows, columns: columns),
      target.pointer(rows: rows, columns: columns), Int64(rows * columns))
  }

  /// The same dense rows in another slab's element type.
  package func convert(into target: SlabRows, rows: Int, columns: Int) {
    precondition(stride == columns && target.stride == columns)
    kernels_convert(
      slab.elementType.kernels, pointer(rows: rows, columns: columns),
      target.slab.elementType.kernels, target.pointer(rows: rows, columns: columns),
      Int64(rows * columns))
  }

  /// A float32 tensor of dense rows.
  package func tensor(rows: Int, columns: Int) -> Tensor {
    precondition(stride == columns)
    let result = Tensor(uninitialized: [rows, columns])
    kernels_convert(
      slab.elementType.kernels, pointer(rows: rows, columns: columns), KERNELS_FLOAT32,
      result.pointer, Int64(rows * columns))
    return result
  }
}
