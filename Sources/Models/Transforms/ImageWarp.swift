import Platform

/// An affine map of an image about its centre, rotation, scaling, shearing and a shift, and a bending on top.
///
/// Pixels between pixels are interpolated linearly; beyond the edge its pixels go on. Levels are rounded: they stay within
/// the levels of the image, and one of two levels keeps two, parted at one half.
public struct ImageWarp: Sendable, Equatable {
  /// Radians, counter-clockwise.
  public var rotation: Float = 0
  /// Enlargement across and down; 1 keeps the size.
  public var scale: (across: Float, down: Float) {
    get { (scaleAcross, scaleDown) }
    set { (scaleAcross, scaleDown) = newValue }
  }
  /// Pixels across for each pixel down.
  public var shear: Float = 0
  /// Pixels across and down.
  public var shift: (across: Float, down: Float) {
    get { (shiftAcross, shiftDown) }
    set { (shiftAcross, shiftDown) = newValue }
  }
  /// What bends the image; nil for nothing.
  public var elastic: ElasticField?
  private var scaleAcross: Float = 1
  private var scaleDown: Float = 1
  private var shiftAcross: Float = 0
  private var shiftDown: Float = 0

  /// The map that changes nothing.
  public init() {}

  /// Paints the warped image.
  ///
  /// - Parameters:
  ///   - source: levels, row by row, channels innermost.
  ///   - target: gets as many; must not overlap the source.
  func apply(
    _ source: UnsafeBufferPointer<Float>, shape: ImageShape,
    into target: UnsafeMutableBufferPointer<Float>
  ) {
    let (height, width, channels) = (shape.height, shape.width, shape.channels)
    precondition(source.count == shape.dimensionCount && target.count == source.count)
    let (middleRow, middleColumn) = (Float(height - 1) / 2, Float(width - 1) / 2)
    // The inverse map: where in the source a target pixel's colour comes from.
    let (cosine, sine) = (cosf(rotation), sinf(rotation))
    let bends = elastic.map { $0.displacements(width: width, height: height) }
    for row in 0..<height {
      for column in 0..<width {
        let x = Float(column) - middleColumn - shiftAcross
        let y = Float(row) - middleRow - shiftDown
        let turnedX = cosine * x - sine * y
        let turnedY = sine * x + cosine * y
        let sourceY = turnedY / scaleDown
        let sourceX = turnedX / scaleAcross - shear * sourceY
        let pixel = row * width + column
        let bent = bends?[pixel] ?? SIMD2(0, 0)
        let (fromX, fromY) = (
          min(Float(width - 1), max(0, sourceX + bent.x + middleColumn)),
          min(Float(height - 1), max(0, sourceY + bent.y + middleRow))
        )
        let (left, top) = (Int(fromX), Int(fromY))
        let (right, bottom) = (min(left + 1, width - 1), min(top + 1, height - 1))
        let (partX, partY) = (fromX - Float(left), fromY - Float(top))
        let (topLeft, topRight) = (
          (top * width + left) * channels, (top * width + right) * channels
        )
        let (bottomLeft, bottomRight) = (
          (bottom * width + left) * channels, (bottom * width + right) * channels
        )
        for channel in 0..<channels {
          let upper = source[topLeft + channel] * (1 - partX) + source[topRight + channel] * partX
          let lower =
            source[bottomLeft + channel] * (1 - partX) + source[bottomRight + channel] * partX
          target[pixel * channels + channel] = Self.rounded(upper * (1 - partY) + lower * partY)
        }
      }
    }
  }

  /// The nearest whole number of a number that is not below 0, of two the higher one.
  ///
  /// The library's function is a call that costs more than all else here.
  @inline(__always)
  private static func rounded(_ level: Float) -> Float {
    let whole = Float(Int32(level))
    return level - whole >= 0.5 ? whole + 1 : whole
  }

  /// Whether the two map alike.
  public static func == (left: ImageWarp, right: ImageWarp) -> Bool {
    left.rotation == right.rotation && left.scale == right.scale && left.shear == right.shear
      && left.shift == right.shift && left.elastic == right.elastic
  }
}
