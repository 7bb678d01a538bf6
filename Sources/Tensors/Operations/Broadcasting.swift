import CKernels

extension Shape {
  /// The shape that both broadcast to: axes are matched from the last, and an axis of size 1, or one that
  /// is missing, is repeated to the other's size.
  public func broadcast(with other: Shape) -> Shape {
    if self == other { return self }
    let rank = max(rank, other.rank)
    return Shape(
      (0..<rank).map { axis in
        let mine = sizeFromEnd(rank - axis)
        let theirs = other.sizeFromEnd(rank - axis)
        precondition(
          mine == theirs || mine == 1 || theirs == 1, "\(self) and \(other) do not broadcast")
        return mine == 1 ? theirs : mine
      })
  }

  /// The size of an axis counted from the end, the last one 1; 1 for an axis that is missing.
  private func sizeFromEnd(_ position: Int) -> Int {
    position <= rank ? sizes[rank - position] : 1
  }

  /// How many elements apart the neighbours along each axis lie in a dense tensor.
  var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * sizes[axis + 1]
    }
    return strides
  }
}

extension Tensor {
  /// The elements seen through a layout: sizes of the result, strides in this tensor.
  func view(sizes: [Int], strides: [Int], offset: Int = 0) -> kernels_view {
    var layout = kernels_layout()
    layout.offset = Int64(offset)
    precondition(sizes.count <= Int(KERNELS_MAX_AXES), "at most 8 axes, not \(sizes.count)")
    for (size, stride) in zip(sizes, strides) {
      kernels_layout_append(&layout, Int64(size), Int64(stride))
    }
    return kernels_view(type: elementType.kernels, data: pointer, layout: layout)
  }

  /// The elements repeated to a shape that this one's broadcasts to.
  func view(broadcastTo target: Shape) -> kernels_view {
    let missing = target.rank - shape.rank
    precondition(
      missing >= 0
        && zip(shape.sizes, target.sizes.dropFirst(missing)).allSatisfy { $0 == $1 || $0 == 1 },
      "\(shape) does not broadcast to \(target)")
    let own = shape.strides
    let strides = target.sizes.indices.map { axis in
      axis < missing || shape.sizes[axis - missing] == 1 ? 0 : own[axis - missing]
    }
    return view(sizes: target.sizes, strides: strides)
  }

  /// The values repeated to a larger shape, matched from the last axis.
  public func broadcast(to target: Shape) -> Tensor {
    if shape == target { return self }
    let result = Tensor(uninitialized: target, elementType)
    kernels_gather(
      view(broadcastTo: target), elementType.kernels, result.pointer, Int64(target.count))
    return result.recorded(from: [self]) { [shape, elementType] in
      [$0.summed(to: shape, elementType)]
    }
  }

  /// Undoes broadcasting: adds up what one element was repeated to.
  func summed(to original: Shape, _ type: ElementType) -> Tensor {
    if shape == original { return converted(to: type) }
    let missing = shape.rank - original.rank
    let axes = shape.sizes.indices.filter { axis in
      axis < missing || (original.sizes[axis - missing] == 1 && shape.sizes[axis] != 1)
    }
    return sum(axes: axes, as: type).reshaped(to: original)
  }
}
