import CKernels

/// Putting tensors together and taking parts of them.
extension Tensor {
  /// The tensors one after the other along an axis; their other axes agree.
  public static func concatenated(_ parts: [Tensor], axis: Int) -> Tensor {
    guard let first = parts.first else { preconditionFailure("nothing to concatenate") }
    let axis = first.shape.normalized(axis)
    let sizes = parts.map { $0.shape[axis] }
    for part in parts {
      precondition(
        part.shape.replacing(axis, with: 1) == first.shape.replacing(axis, with: 1)
          && part.elementType == first.elementType,
        "\(part.elementType) \(part.shape) cannot follow \(first.elementType) \(first.shape)")
    }
    let result = Tensor(
      uninitialized: first.shape.replacing(axis, with: sizes.reduce(0, +)), first.elementType)
    var start = 0
    for (part, size) in zip(parts, sizes) {
      result.write(part, at: start, count: size, axis: axis)
      start += size
    }
    let areRecorded = parts.map(\.isRecorded)
    return result.recorded(fromNodes: parts.map(\.node)) { gradient in
      var start = 0
      return zip(areRecorded, sizes).map { isRecorded, size in
        defer { start += size }
        return !isRecorded ? nil : gradient.slice(start..<(start + size), axis: axis)
      }
    }
  }

  /// The part of a tensor between two places along an axis.
  public func sliced(_ range: Range<Int>, axis: Int) -> Tensor {
    let axis = shape.normalized(axis)
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape[axis],
      "\(range) of axis \(axis) of \(shape)")
    if range.count == shape[axis] { return self }
    let size = shape[axis]
    return slice(range, axis: axis).recorded(from: [self]) { gradient in
      [gradient.surrounded(before: range.lowerBound, after: size - range.upperBound, axis: axis)]
    }
  }

  /// The tensor cut into parts of equal size along an axis.
  public func split(into parts: Int, axis: Int) -> [Tensor] {
    let size = shape[axis] / parts
    precondition(size * parts == shape[axis], "axis \(axis) of \(shape) in \(parts) equal parts")
    return (0..<parts).map { sliced($0 * size..<($0 + 1) * size, axis: axis) }
  }

  /// Zeros put before and after the values along an axis.
  public func padded(before: Int, after: Int, axis: Int) -> Tensor {
    precondition(before >= 0 && after >= 0, "padding of \(before) and \(after)")
    if before == 0 && after == 0 { return self }
    let axis = shape.normalized(axis)
    let size = shape[axis]
    return surrounded(before: before, after: after, axis: axis).recorded(from: [self]) {
      [$0.slice(before..<(before + size), axis: axis)]
    }
  }

  /// The values moved towards higher places along an axis (lower ones where `steps` is negative); what
  /// leaves is lost, and zeros come in.
  public func shifted(by steps: Int, axis: Int) -> Tensor {
    if steps == 0 { return self }
    let axis = shape.normalized(axis)
    let size = shape[axis]
    let moved = Swift.min(abs(steps), size)
    let result = Tensor(uninitialized: shape, elementType)
    result.write(nil, at: steps > 0 ? 0 : size - moved, count: moved, axis: axis)
    result.write(
      self, from: steps > 0 ? 0 : moved, at: steps > 0 ? moved : 0, count: size - moved, axis: axis)
    return result.recorded(from: [self]) { [$0.shifted(by: -steps, axis: axis)] }
  }

  private func slice(_ range: Range<Int>, axis: Int) -> Tensor {
    let result = Tensor(uninitialized: shape.replacing(axis, with: range.count), elementType)
    result.write(self, from: range.lowerBound, at: 0, count: range.count, axis: axis)
    return result
  }

  private func surrounded(before: Int, after: Int, axis: Int) -> Tensor {
    let size = shape[axis]
    let result = Tensor(
      uninitialized: shape.replacing(axis, with: before + size + after), elementType)
    result.write(nil, at: 0, count: before, axis: axis)
    result.write(self, at: before, count: size, axis: axis)
    result.write(nil, at: before + size, count: after, axis: axis)
    return result
  }

  /// Writes `count` places of an axis from another tensor, or zeros, into this one while it is made.
  private func write(_ other: Tensor?, from: Int = 0, at place: Int, count: Int, axis: Int) {
    let inner = shape.sizes[(axis + 1)...].reduce(1, *) * elementType.byteCount
    let pitch = other.map { $0.shape[axis] * inner } ?? 0
    kernels_copy_rows(
      other.map { UnsafeRawPointer($0.pointer + from * inner) }, Int64(pitch),
      pointer + place * inner, Int64(shape[axis] * inner), Int64(count * inner),
      Int64(shape.sizes[..<axis].reduce(1, *)))
  }
}
