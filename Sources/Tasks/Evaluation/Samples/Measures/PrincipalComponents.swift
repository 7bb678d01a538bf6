package import Tensors

/// The directions in which rows vary most, found by orthogonal iteration with matrix products: a few dozens of thousands of numbers.
package struct PrincipalComponents: Sendable {
  /// The mean of the rows.
  private let mean: Tensor
  /// Float32 `[components, width]`, each of length 1.
  private let axes: Tensor

  /// Components.
  package var count: Int { axes.shape[0] }

  /// Directions beyond those asked for, which make the iteration fast.
  private static let spare = 8
  private static let rounds = 8
  /// Rows that are summed by one thread.
  private static let blockSize = 256

  /// The first components of rows, fewer where there are not so many.
  package init(_ rows: FeatureRows, count: Int) {
    let width = rows.width
    let wanted = max(1, min(count, width, rows.count - 1))
    let blocks = stride(from: 0, to: rows.count, by: Self.blockSize).map {
      $0..<min(rows.count, $0 + Self.blockSize)
    }
    let sums = ThreadPool.map(blocks.count) { number in
      rows.rows(blocks[number]).withValues { NearestRows.sums($0, width: width) }
    }
    let mean = Tensor(
      (0..<width).map { column in
        Float(sums.reduce(0) { $0 + $1[column] } / Double(max(1, rows.count)))
      }, shape: [1, width])
    self.mean = mean
    let random = RandomSource(seed: 0, purpose: .initialization)
    var axes = (0..<min(width, wanted + Self.spare)).map { axis in
      random.at(axis).uniforms(width).map { Double($0) - 0.5 }
    }
    for _ in 0..<Self.rounds {
      Self.orthonormalise(&axes)
      axes = Self.images(of: axes, blocks, rows, mean)
    }
    Self.orthonormalise(&axes)
    self.axes = Self.tensor(
      Self.turned(axes, Self.images(of: axes, blocks, rows, mean), count: wanted))
  }

  /// C·axis for each axis, C being the covariance times the number of rows; the parts of blocks are added in their order.
  private static func images(
    of axes: [[Double]], _ blocks: [Range<Int>], _ rows: FeatureRows, _ mean: Tensor
  ) -> [[Double]] {
    let present = tensor(axes)
    let parts = ThreadPool.map(blocks.count) { number in
      let centred = rows.rows(blocks[number]) - mean
      let places = centred.multiplied(by: present, transposingOther: true)
      return places.multiplied(by: centred, transposingSelf: true).values
    }
    return axes.indices.map { axis in
      (0..<rows.width).map { column in
        parts.reduce(0) { $0 + Double($1[axis * rows.width + column]) }
      }
    }
  }

  /// The directions in the span of axes in which the rows vary most, the first the most (Rayleigh and Ritz).
  private static func turned(
    _ axes: [[Double]], _ images: [[Double]], count: Int
  ) -> [[Double]] {
    let (size, width) = (axes.count, axes[0].count)
    var among = [Double](repeating: 0, count: size * size)
    for row in 0..<size {
      for column in 0...row {
        var sum = 0.0
        for place in 0..<width { sum += axes[row][place] * images[column][place] }
        among[row * size + column] = sum
      }
    }
    let found = SymmetricDecomposition(among, size: size)
    let order = found.values.indices.sorted {
      (found.values[$0], $1) > (found.values[$1], $0)
    }
    return order[..<count].map { vector in
      var direction = [Double](repeating: 0, count: width)
      for axis in 0..<size {
        let share = found.vectors[vector * size + axis]
        for place in 0..<width { direction[place] += share * axes[axis][place] }
      }
      return direction
    }
  }

  /// Where rows lie along the components, float32 `[rows, components]`.
  package func places(_ rows: Tensor) -> Tensor {
    (rows - mean).multiplied(by: axes, transposingOther: true)
  }

  private static func tensor(_ axes: [[Double]]) -> Tensor {
    Tensor(axes.flatMap { $0.map(Float.init) }, shape: [axes.count, axes[0].count])
  }

  /// Gram and Schmidt; what has no length left stays zero.
  private static func orthonormalise(_ axes: inout [[Double]]) {
    for axis in axes.indices {
      var vector = axes[axis]
      // Twice, because of what is nearly within the others' span rounding alone is left.
      for other in axes[..<axis] + axes[..<axis] {
        var shared = 0.0
        for place in vector.indices { shared += vector[place] * other[place] }
        for place in vector.indices { vector[place] -= shared * other[place] }
      }
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      axes[axis] = length > 1e-12 ? vector.map { $0 / length } : vector.map { _ in 0 }
    }
  }
}
