package import Tensors

/// A smooth bending of an image: displacements of a coarse grid of points, spread evenly over the image and joined
/// smoothly between them (after Simard and others 2003, Best Practices for Convolutional Neural Networks, section 2).
public struct ElasticField: Sendable, Equatable {
  /// Points across, and as many down.
  static let side = 4

  /// Displacements of the points in pixels, row by row.
  private let across: [Float]
  private let down: [Float]

  /// Points that are displaced by up to these numbers of pixels either way.
  ///
  /// - Parameter first: the first of the 32 draws that are taken.
  package init(limit: (across: Float, down: Float), _ random: RandomSource, from first: Int = 0) {
    let count = Self.side * Self.side
    let draws = random.uniforms(2 * count, from: first).map { 2 * $0 - 1 }
    across = draws[..<count].map { $0 * limit.across }
    down = draws[count...].map { $0 * limit.down }
  }

  /// The displacement of each pixel of an image, across and down in pixels, row by row.
  func displacements(width: Int, height: Int) -> [SIMD2<Float>] {
    let points = zip(across, down).map { SIMD2($0, $1) }
    let columns = (0..<width).map { Self.cell(Float($0) / Float(max(1, width - 1))) }
    return [SIMD2<Float>](unsafeUninitializedCapacity: width * height) { buffer, filled in
      points.withUnsafeBufferPointer { points in
        for row in 0..<height {
          let (cell, partY) = Self.cell(Float(row) / Float(max(1, height - 1)))
          for column in 0..<width {
            let (index, partX) = columns[column]
            let place = cell * Self.side + index
            let upper = points[place] * (1 - partX) + points[place + 1] * partX
            let lower =
              points[place + Self.side] * (1 - partX) + points[place + Self.side + 1] * partX
            buffer[row * width + column] = upper * (1 - partY) + lower * partY
          }
        }
      }
      filled = width * height
    }
  }

  /// The cell of the grid that a share falls into, and how far it is through it.
  ///
  /// The way through is eased at both ends, so that neighbouring cells join without a crease.
  private static func cell(_ share: Float) -> (index: Int, part: Float) {
    let scaled = min(1, max(0, share)) * Float(side - 1)
    let index = min(side - 2, Int(scaled))
    let part = scaled - Float(index)
    return (index, part * part * (3 - 2 * part))
  }
}
