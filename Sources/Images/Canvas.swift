/// An RGB image to draw on.
///
/// What falls outside is left out.
public struct Canvas: Sendable {
  /// What has been drawn so far.
  public private(set) var image: Image

  /// Which way a text runs.
  public enum Direction: Sendable {
    /// From left to right.
    case across
    /// From bottom to top, for vertical axes.
    case upward
  }

  /// An empty canvas of one colour.
  public init(width: Int, height: Int, background: Colour = .white) {
    image = Image(width: width, height: height, format: .rgb, filledWith: background.samples)
  }

  /// Pictures one above the other, on white.
  public static func stacked(_ pictures: [Image]) -> Image {
    var canvas = Canvas(
      width: pictures.map(\.width).max() ?? 1, height: pictures.map(\.height).reduce(0, +))
    var top = 0
    for picture in pictures {
      canvas.draw(picture, x: 0, y: top)
      top += picture.height
    }
    return canvas.image
  }

  /// Mixes a colour into one pixel: `opacity colour + (1 - opacity) old`, opacity 0...1.
  public mutating func blend(_ x: Int, _ y: Int, _ colour: Colour, opacity: Double = 1) {
    guard x >= 0, x < image.width, y >= 0, y < image.height, opacity > 0 else { return }
    let share = min(opacity, 1)
    let start = (y * image.width + x) * 3
    let samples = (colour.red, colour.green, colour.blue)
    image.pixels[start] = Self.mix(image.pixels[start], samples.0, share)
    image.pixels[start + 1] = Self.mix(image.pixels[start + 1], samples.1, share)
    image.pixels[start + 2] = Self.mix(image.pixels[start + 2], samples.2, share)
  }

  /// Fills a block of pixels.
  public mutating func fill(_ rectangle: Rectangle, _ colour: Colour) {
    for y in rectangle.y..<rectangle.y + rectangle.height {
      for x in rectangle.x..<rectangle.x + rectangle.width { blend(x, y, colour) }
    }
  }

  /// Draws the edge of a block, of this thickness, inside it.
  public mutating func frame(_ rectangle: Rectangle, _ colour: Colour, thickness: Int = 1) {
    let (x, y) = (rectangle.x, rectangle.y)
    let (width, height) = (rectangle.width, rectangle.height)
    fill(Rectangle(x: x, y: y, width: width, height: thickness), colour)
    fill(Rectangle(x: x, y: y + height - thickness, width: width, height: thickness), colour)
    fill(Rectangle(x: x, y: y, width: thickness, height: height), colour)
    fill(Rectangle(x: x + width - thickness, y: y, width: thickness, height: height), colour)
  }

  /// Copies a picture, each pixel as a block of `scale` x `scale`; alpha is composited over white.
  public mutating func draw(_ picture: Image, x: Int, y: Int, scale: Int = 1) {
    let source = picture.converted(to: .rgb)
    for row in 0..<source.height * scale {
      let targetY = y + row
      guard targetY >= 0, targetY < image.height else { continue }
      for column in 0..<source.width * scale {
        let targetX = x + column
        guard targetX >= 0, targetX < image.width else { continue }
        let from = ((row / scale) * source.width + column / scale) * 3
        let to = (targetY * image.width + targetX) * 3
        for channel in 0..<3 { image.pixels[to + channel] = source.pixels[from + channel] }
      }
    }
  }

  /// Writes a text whose first character's top left corner is at `x`, `y`; running upward, its
  /// bottom left.
  public mutating func write(
    _ text: String, x: Int, y: Int, _ colour: Colour = .black, scale: Int = 1,
    direction: Direction = .across
  ) {
    for (place, character) in text.enumerated() {
      let along = place * BitmapFont.advance
      for dot in BitmapFont.inked(character) {
        let (dotX, dotY) =
          switch direction {
          case .across: (x + (along + dot.x) * scale, y + dot.y * scale)
          case .upward: (x + dot.y * scale, y - (along + dot.x + 1) * scale)
          }
        fill(Rectangle(x: dotX, y: dotY, width: scale, height: scale), colour)
      }
    }
  }

  private static func mix(_ old: UInt8, _ new: UInt8, _ share: Double) -> UInt8 {
    UInt8((Double(new) * share + Double(old) * (1 - share)).rounded())
  }
}
