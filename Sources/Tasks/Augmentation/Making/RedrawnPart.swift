import Models
import Platform
import Tensors

/// Which part of an original is drawn anew.
public struct RedrawnPart: Sendable, Equatable {
  /// The shape of the part.
  public enum Shape: String, Sendable, CaseIterable {
    /// A rectangle anywhere, up to twice as long as it is wide.
    case rectangle
    /// What lies at one of the four sides.
    case side
    /// Pixels anywhere.
    case scattered
  }

  /// The share of the pixels, above 0 and below 1.
  public var share: Double
  /// The shape of the part.
  public var shape: Shape

  /// A part of this share and shape.
  public init(share: Double, shape: Shape = .rectangle) {
    self.share = share
    self.shape = shape
  }

  /// Which pixels of an image are drawn anew, as the random numbers say; at least one, and never all of several.
  func missing(_ image: ImageShape, _ random: RandomSource) -> [Bool] {
    let (height, width) = (image.height, image.width)
    let draws = random.uniforms(4)
    func extent(_ length: Double, _ side: Int) -> Int { max(1, min(side, Int(length.rounded()))) }
    func start(_ draw: Float, _ length: Int, _ side: Int) -> Int {
      min(side - length, Int(draw * Float(side - length + 1)))
    }
    var (rows, columns) = (0..<height, 0..<width)
    switch shape {
    case .rectangle:
      // Height over width between a half and two, evenly by its logarithm.
      let stretch = exp((Double(draws[0]) - 0.5) * log(4))
      let tall = extent((share * stretch).squareRoot() * Double(height), height)
      let wide = extent(share * Double(image.pixelCount) / Double(tall), width)
      let (top, left) = (start(draws[1], tall, height), start(draws[2], wide, width))
      (rows, columns) = (top..<top + tall, left..<left + wide)
    case .side:
      let (tall, wide) = (
        extent(share * Double(height), height), extent(share * Double(width), width)
      )
      switch Int(draws[0] * 4) {
      case 0: rows = 0..<tall
      case 1: rows = height - tall..<height
      case 2: columns = 0..<wide
      default: columns = width - wide..<width
      }
    case .scattered:
      return scattered(image.pixelCount, random)
    }
    return (0..<image.pixelCount).map {
      rows.contains($0 / width) && columns.contains($0 % width)
    }
  }

  private func scattered(_ count: Int, _ random: RandomSource) -> [Bool] {
    let wanted = max(1, min(count - 1, Int((share * Double(count)).rounded())))
    var missing = [Bool](repeating: false, count: count)
    for place in random.permutation(count).prefix(wanted) { missing[place] = true }
    return missing
  }
}
