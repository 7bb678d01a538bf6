extension Canvas {
  /// A place in pixels; the centre of the first pixel is at 0.5, 0.5.
  public struct Place: Equatable, Sendable {
    /// From the left edge.
    public var x: Double

    /// From the top edge.
    public var y: Double

    /// A place.
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// Draws a line through places with smooth edges, only inside a block of pixels.
  ///
  /// Every pixel is covered once, by its distance to the nearest part of the line, so that joints
  /// are not darker than the rest.
  public mutating func curve(
    _ places: [Place], _ colour: Colour, thickness: Double = 2, within block: Rectangle
  ) {
    guard block.width > 0, block.height > 0 else { return }
    var coverage = [Double](repeating: 0, count: block.width * block.height)
    let ends = places.count == 1 ? [(places[0], places[0])] : Array(zip(places, places.dropFirst()))
    let reach = thickness / 2 + 1
    for (start, end) in ends {
      // Clamped before they become whole numbers, since curves may leave the block by any distance.
      func column(_ x: Double) -> Int {
        Int(min(max(x, Double(block.x)), Double(block.x + block.width - 1)))
      }
      func row(_ y: Double) -> Int {
        Int(min(max(y, Double(block.y)), Double(block.y + block.height - 1)))
      }
      for y in row(min(start.y, end.y) - reach)...row(max(start.y, end.y) + reach) {
        for x in column(min(start.x, end.x) - reach)...column(max(start.x, end.x) + reach) {
          let centre = Place(x: Double(x) + 0.5, y: Double(y) + 0.5)
          let cover = thickness / 2 + 0.5 - Self.distance(centre, start, end)
          let index = (y - block.y) * block.width + x - block.x
          if cover > coverage[index] { coverage[index] = cover }
        }
      }
    }
    for index in coverage.indices where coverage[index] > 0 {
      blend(
        block.x + index % block.width, block.y + index / block.width, colour,
        opacity: coverage[index])
    }
  }

  /// The distance of a place from the line between two others.
  private static func distance(_ place: Place, _ start: Place, _ end: Place) -> Double {
    let (alongX, alongY) = (end.x - start.x, end.y - start.y)
    let length = alongX * alongX + alongY * alongY
    let dot = (place.x - start.x) * alongX + (place.y - start.y) * alongY
    let share = length == 0 ? 0 : min(max(dot / length, 0), 1)
    let (offX, offY) = (place.x - start.x - share * alongX, place.y - start.y - share * alongY)
    return (offX * offX + offY * offY).squareRoot()
  }
}
