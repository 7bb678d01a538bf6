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

  /// The displacement at a place of the image, given as shares 0...1 of its width and height.
  func displacement(across x: Float, down y: Float) -> (across: Float, down: Float) {
    let (column, partX) = Self.cell(x)
    let (row, partY) = Self.cell(y)
    func blend(_ values: [Float]) -> Float {
      let place = row * Self.side + column
      let upper = values[place] * (1 - partX) + values[place + 1] * partX
      let lower =
        values[place + Self.side] * (1 - partX) + values[place + Self.side + 1] * partX
      return upper * (1 - partY) + lower * partY
    }
    return (blend(across), blend(down))
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
