import Platform

/// How neighbouring pixels are weighed when an image changes its size.
///
/// Each has a shape over the distance `t`, in pixels of the smaller grid, and is stretched by the
/// factor when shrinking, so that every old pixel has its say and fine patterns do not alias.
public enum ResamplingFilter: String, Sendable, CaseIterable {
  /// The mean of the pixels that fall into the new one: 1 for `|t| <= 1/2`.
  case box
  /// Linear interpolation: `1 - |t|` for `|t| < 1`.
  case triangle
  /// The sharpest: `sinc(t) sinc(t / 3)` for `|t| < 3`. May overshoot at edges; samples are
  /// clamped.
  case lanczos

  var radius: Double {
    switch self {
    case .box: 0.5
    case .triangle: 1
    case .lanczos: 3
    }
  }

  func weight(at distance: Double) -> Double {
    switch self {
    case .box: return distance >= -0.5 && distance < 0.5 ? 1 : 0
    case .triangle: return max(0, 1 - abs(distance))
    case .lanczos:
      if abs(distance) >= 3 { return 0 }
      if distance == 0 { return 1 }
      let angle = Double.pi * distance
      return 3 * sin(angle) * sin(angle / 3) / (angle * angle)
    }
  }
}

/// For every place on a new axis, which old places it takes and with what weights.
///
/// Weights add to 1.
struct AxisWeights {
  let starts: [Int]
  let weights: [[Float]]

  init(from oldCount: Int, to newCount: Int, filter: ResamplingFilter) {
    let scale = Double(oldCount) / Double(newCount)
    let stretch = max(scale, 1)
    let reach = filter.radius * stretch
    var starts: [Int] = []
    var weights: [[Float]] = []
    for place in 0..<newCount {
      let centre = (Double(place) + 0.5) * scale
      let first = max(0, Int((centre - reach).rounded(.down)))
      let last = min(oldCount - 1, Int((centre + reach).rounded(.up)))
      var row = (first...last).map { filter.weight(at: (Double($0) + 0.5 - centre) / stretch) }
      var total = row.reduce(0, +)
      if total == 0 {  // a box that falls between centres takes the nearest pixel
        row = row.map { _ in 0 }
        row[min(max(Int(centre) - first, 0), row.count - 1)] = 1
        total = 1
      }
      starts.append(first)
      weights.append(row.map { Float($0 / total) })
    }
    self.starts = starts
    self.weights = weights
  }
}

/// For every place on a new axis, the old place under its centre.
func nearestIndices(from oldCount: Int, to newCount: Int) -> [Int] {
  // (place + 1/2) old / new, rounded down, in whole numbers.
  (0..<newCount).map { min((2 * $0 + 1) * oldCount / (2 * newCount), oldCount - 1) }
}
