import Tensors

/// Rows as the matrices that are multiplied.
extension NearestRows {
  static func blocks(_ count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: blockSize).map { $0..<min(count, $0 + blockSize) }
  }

  /// Some rows less the common mean as a matrix, filled up with zeros to so many rows where that is asked for.
  static func matrix(
    _ all: Tensor, _ range: Range<Int>, _ centre: [Float], rows count: Int? = nil
  ) -> Tensor {
    let width = centre.count
    return Tensor(shape: [count ?? range.count, width]) { buffer in
      all.withValues { values in
        centre.withUnsafeBufferPointer { centre in
          for row in 0..<range.count {
            let from = (range.lowerBound + row) * width
            for column in 0..<width {
              buffer[row * width + column] = values[from + column] - centre[column]
            }
          }
        }
      }
      for place in range.count * width..<buffer.count { buffer[place] = 0 }
    }
  }

  static func sums(_ values: UnsafeBufferPointer<Float>, width: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: width)
    for start in stride(from: 0, to: values.count, by: width) {
      for column in 0..<width { sums[column] += Double(values[start + column]) }
    }
    return sums
  }

  static func norms(_ matrix: Tensor) -> [Float] {
    let width = matrix.shape[1]
    return matrix.withValues { values in
      stride(from: 0, to: values.count, by: width).map { start in
        var sum = 0.0
        for place in start..<start + width { sum += Double(values[place]) * Double(values[place]) }
        return Float(sum)
      }
    }
  }
}
