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
  private static let rounds = 12
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
      let present = Self.tensor(axes)
      // A block's part of C·axis, C being the covariance; the parts are added in their order.
      let parts = ThreadPool.map(blocks.count) { number in
        let centred = rows.rows(blocks[number]) - mean
        let places = centred.multiplied(by: present, transposingOther: true)
        return places.multiplied(by: centred, transposingSelf: true).values
      }
      axes = axes.indices.map { axis in
        (0..<width).map { column in
          parts.reduce(0) { $0 + Double($1[axis * width + column]) }
        }
      }
    }
    // The longest image of an axis is that of the largest variance.
    let lengths = axes.map { $0.reduce(0) { $0 + $1 * $1 } }
    var sorted = axes.indices.sorted { (lengths[$0], $1) > (lengths[$1], $0) }.map { axes[$0] }
    Self.orthonormalise(&sorted)
    self.axes = Self.tensor(Array(sorted[..<wanted]))
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
      for other in axes[..<axis] {
        var shared = 0.0
        for place in vector.indices { shared += vector[place] * other[place] }
        for place in vector.indices { vector[place] -= shared * other[place] }
      }
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      axes[axis] = length > 1e-12 ? vector.map { $0 / length } : vector.map { _ in 0 }
    }
  }
}
