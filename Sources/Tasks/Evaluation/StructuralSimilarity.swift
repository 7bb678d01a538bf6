/// The structural similarity of two images (Wang and others 2004): 1 for equal images, near 0 for unrelated ones.
///
/// The mean over all windows of 7 x 7 pixels that lie within the image (smaller where a side is) of
/// `(2 m n + c1) (2 s + c2) / ((m² + n² + c1) (v + w + c2))`, with means m and n, variances v and w, covariance s,
/// c1 = 0.01², c2 = 0.03², values in 0...1; the channels' mean.
package enum StructuralSimilarity {
  /// Pixels along a window's side.
  static let windowSide = 7

  /// The similarity of two images, row by row, channels innermost.
  package static func of(
    _ first: [Double], _ second: [Double], width: Int, height: Int, channels: Int
  ) -> Double {
    precondition(first.count == width * height * channels && second.count == first.count)
    let (rows, columns) = (min(windowSide, height), min(windowSide, width))
    var sum = 0.0
    for channel in 0..<channels {
      for top in 0...height - rows {
        for left in 0...width - columns {
          var moments = Moments()
          for y in top..<top + rows {
            for x in left..<left + columns {
              let place = (y * width + x) * channels + channel
              moments.add(first[place], second[place])
            }
          }
          sum += moments.similarity
        }
      }
    }
    return sum / Double(channels * (height - rows + 1) * (width - columns + 1))
  }

  /// Sums over a window.
  private struct Moments {
    var count = 0.0
    var sums = (0.0, 0.0)
    var squares = (0.0, 0.0)
    var products = 0.0

    mutating func add(_ first: Double, _ second: Double) {
      count += 1
      sums = (sums.0 + first, sums.1 + second)
      squares = (squares.0 + first * first, squares.1 + second * second)
      products += first * second
    }

    var similarity: Double {
      let (m, n) = (sums.0 / count, sums.1 / count)
      let variances = (squares.0 / count - m * m) + (squares.1 / count - n * n)
      let covariance = products / count - m * n
      let (c1, c2) = (0.01 * 0.01, 0.03 * 0.03)
      return (2 * m * n + c1) * (2 * covariance + c2)
        / ((m * m + n * n + c1) * (variances + c2))
    }
  }
}
