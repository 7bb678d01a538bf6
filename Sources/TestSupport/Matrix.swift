import Platform

/// Square matrices, row by row.
public enum Matrix {
  /// log |det| of a square matrix, by elimination with the largest pivots.
  public static func logDeterminant(_ matrix: [[Double]]) -> Double {
    var (rows, sum) = (matrix, 0.0)
    for place in rows.indices {
      let pivot = rows.indices[place...].max { abs(rows[$0][place]) < abs(rows[$1][place]) }
      rows.swapAt(place, pivot ?? place)
      sum += log(abs(rows[place][place]))
      for below in rows.indices[(place + 1)...] {
        let factor = rows[below][place] / rows[place][place]
        for column in place..<rows.count { rows[below][column] -= factor * rows[place][column] }
      }
    }
    return sum
  }
}
