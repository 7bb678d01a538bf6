import Platform

/// The eigenvalues and eigenvectors of a symmetric matrix, in float64.
///
/// By Householder reflections to three diagonals and implicit QL steps (Bowdler, Martin, Reinsch and Wilkinson 1968, The QR and QL
/// Algorithms for Symmetric Matrices); exact to rounding, for a few hundred rows.
package struct SymmetricDecomposition: Sendable {
  /// The eigenvalues, in no order.
  package private(set) var values: [Double]
  /// The eigenvectors, of length 1, one after the other, in the order of the values.
  package private(set) var vectors: [Double]
  private let size: Int
  /// What stands beside the diagonal.
  private var beside: [Double]

  /// Decomposes a matrix.
  ///
  /// - Parameter matrix: `size` rows of `size` finite numbers; what is above the diagonal is not read.
  package init(_ matrix: [Double], size: Int) {
    precondition(matrix.count == size * size && size > 0, "a square matrix")
    self.size = size
    values = [Double](repeating: 0, count: size)
    beside = values
    // Columns lie one after the other from here on, so that inner loops go along them.
    vectors = [Double](repeating: 0, count: size * size)
    for row in 0..<size {
      for column in 0...row {
        vectors[column * size + row] = matrix[row * size + column]
        vectors[row * size + column] = matrix[row * size + column]
      }
    }
    reduce()
    accumulate()
    iterate()
  }

  /// The symmetric root of the matrix, row after row; eigenvalues that rounding made negative count as zero.
  package var squareRoot: [Double] {
    var root = [Double](repeating: 0, count: size * size)
    for vector in 0..<size {
      let weight = max(0, values[vector]).squareRoot()
      guard weight > 0 else { continue }
      let start = vector * size
      for row in 0..<size {
        let scaled = weight * vectors[start + row]
        for column in 0..<size { root[row * size + column] += scaled * vectors[start + column] }
      }
    }
    return root
  }

  /// Householder reflections from the last row up.
  private mutating func reduce() {
    let n = size
    for column in 0..<n { values[column] = vectors[column * n + n - 1] }
    for i in stride(from: n - 1, to: 0, by: -1) {
      let scale = values[..<i].reduce(0) { $0 + abs($1) }
      var h = 0.0
      if scale == 0 {
        beside[i] = values[i - 1]
        for j in 0..<i {
          values[j] = vectors[j * n + i - 1]
          vectors[j * n + i] = 0
          vectors[i * n + j] = 0
        }
      } else {
        for k in 0..<i {
          values[k] /= scale
          h += values[k] * values[k]
        }
        let f = values[i - 1]
        let g = f > 0 ? -h.squareRoot() : h.squareRoot()
        beside[i] = scale * g
        h -= f * g
        values[i - 1] = f - g
        reflect(i, h)
      }
      values[i] = h
    }
  }

  /// Applies the reflection of row `i` to the rows above it from both sides.
  private mutating func reflect(_ i: Int, _ h: Double) {
    let n = size
    for j in 0..<i { beside[j] = 0 }
    for j in 0..<i {
      let f = values[j]
      vectors[i * n + j] = f
      var g = beside[j] + vectors[j * n + j] * f
      for k in j + 1..<max(j + 1, i) {
        g += vectors[j * n + k] * values[k]
        beside[k] += vectors[j * n + k] * f
      }
      beside[j] = g
    }
    var f = 0.0
    for j in 0..<i {
      beside[j] /= h
      f += beside[j] * values[j]
    }
    let half = f / (h + h)
    for j in 0..<i { beside[j] -= half * values[j] }
    for j in 0..<i {
      let (f, g) = (values[j], beside[j])
      for k in j..<i { vectors[j * n + k] -= f * beside[k] + g * values[k] }
      values[j] = vectors[j * n + i - 1]
      vectors[j * n + i] = 0
    }
  }

  /// Multiplies the reflections out.
  private mutating func accumulate() {
    let n = size
    for i in 0..<n - 1 {
      vectors[i * n + n - 1] = vectors[i * n + i]
      vectors[i * n + i] = 1
      let h = values[i + 1]
      if h != 0 {
        for k in 0...i { values[k] = vectors[(i + 1) * n + k] / h }
        for j in 0...i {
          var g = 0.0
          for k in 0...i { g += vectors[(i + 1) * n + k] * vectors[j * n + k] }
          for k in 0...i { vectors[j * n + k] -= g * values[k] }
        }
      }
      for k in 0...i { vectors[(i + 1) * n + k] = 0 }
    }
    for j in 0..<n {
      values[j] = vectors[j * n + n - 1]
      vectors[j * n + n - 1] = 0
    }
    vectors[n * n - 1] = 1
    beside[0] = 0
  }

  /// QL steps with implicit shifts until nothing is left beside the diagonal.
  private mutating func iterate() {
    let n = size
    for i in 1..<max(1, n) { beside[i - 1] = beside[i] }
    beside[n - 1] = 0
    var (shift, largest) = (0.0, 0.0)
    for l in 0..<n {
      largest = max(largest, abs(values[l]) + abs(beside[l]))
      let least = largest * Double.ulpOfOne
      var m = l
      while m < n - 1, abs(beside[m]) > least { m += 1 }
      while m > l, abs(beside[l]) > least {
        shift += step(from: l, to: m)
      }
      values[l] += shift
      beside[l] = 0
    }
  }

  /// One QL step on the rows `l ... m`; what it shifts the rest of the diagonal by.
  private mutating func step(from l: Int, to m: Int) -> Double {
    let n = size
    let first = values[l]
    var p = (values[l + 1] - first) / (2 * beside[l])
    let root = p < 0 ? -hypot(p, 1) : hypot(p, 1)
    values[l] = beside[l] / (p + root)
    values[l + 1] = beside[l] * (p + root)
    let next = values[l + 1]
    let shift = first - values[l]
    for i in l + 2..<max(l + 2, n) { values[i] -= shift }
    p = values[m]
    let besideNext = beside[l + 1]
    var (c, c2, c3, s, s2) = (1.0, 1.0, 1.0, 0.0, 0.0)
    for i in stride(from: m - 1, through: l, by: -1) {
      (c3, c2, s2) = (c2, c, s)
      let (g, h, r) = (c * beside[i], c * p, hypot(p, beside[i]))
      beside[i + 1] = s * r
      s = beside[i] / r
      c = p / r
      p = c * values[i] - s * g
      values[i + 1] = h + s * (c * g + s * values[i])
      vectors.withUnsafeMutableBufferPointer { vectors in
        for k in 0..<n {
          let h = vectors[(i + 1) * n + k]
          vectors[(i + 1) * n + k] = s * vectors[i * n + k] + c * h
          vectors[i * n + k] = c * vectors[i * n + k] - s * h
        }
      }
    }
    p = -s * s2 * c3 * besideNext * beside[l] / next
    beside[l] = s * p
    values[l] = c * p
    return shift
  }
}
