import Tensors

/// The plane through the mean of some rows in which they vary most: the first two principal components.
enum PrincipalPlane {
  /// Rounds of the power iteration: what is left then of a third component that varies nearly as much only turns a start.
  private static let rounds = 60

  /// The places of the rows in that plane.
  ///
  /// By orthogonal iteration from fixed directions, in float64, so that the same rows give the same places. Each axis points to
  /// where its largest entry is positive.
  ///
  /// - Parameter rows: row after row of `width` numbers.
  static func places(_ rows: [Float], width: Int) -> [SIMD2<Double>] {
    let count = rows.count / width
    var mean = [Double](repeating: 0, count: width)
    for place in rows.indices { mean[place % width] += Double(rows[place]) / Double(count) }
    let centred = rows.indices.map { Double(rows[$0]) - mean[$0 % width] }
    let random = RandomSource(seed: 0, purpose: .initialization)
    var axes = (0..<2).map { axis in
      random.at(axis).uniforms(width).map { Double($0) - 0.5 }
    }
    orthonormalise(&axes)
    for _ in 0..<rounds {
      let places = projected(centred, axes)
      for axis in 0..<2 {
        var next = [Double](repeating: 0, count: width)
        for row in 0..<count {
          let share = places[row][axis]
          for column in 0..<width { next[column] += share * centred[row * width + column] }
        }
        axes[axis] = next
      }
      orthonormalise(&axes)
    }
    return projected(centred, axes.map(pointed))
  }

  private static func projected(_ centred: [Double], _ axes: [[Double]]) -> [SIMD2<Double>] {
    let width = axes[0].count
    return stride(from: 0, to: centred.count, by: width).map { start in
      var place = SIMD2<Double>.zero
      for column in 0..<width {
        place += SIMD2(axes[0][column], axes[1][column]) * centred[start + column]
      }
      return place
    }
  }

  /// Gram and Schmidt; what has no length left stays zero.
  private static func orthonormalise(_ axes: inout [[Double]]) {
    axes[0] = normalised(axes[0])
    let shared = zip(axes[0], axes[1]).reduce(0) { $0 + $1.0 * $1.1 }
    axes[1] = normalised(zip(axes[1], axes[0]).map { $0 - shared * $1 })
  }

  private static func normalised(_ axis: [Double]) -> [Double] {
    let length = axis.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 1e-12 ? axis.map { $0 / length } : axis.map { _ in 0 }
  }

  private static func pointed(_ axis: [Double]) -> [Double] {
    let largest = axis.max { abs($0) < abs($1) } ?? 0
    return largest < 0 ? axis.map { -$0 } : axis
  }
}
