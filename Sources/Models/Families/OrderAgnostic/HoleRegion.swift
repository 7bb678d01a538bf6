import Platform
import Tensors

/// Connected holes of many forms and sizes, as users cut them: drawn anew for every training image.
enum HoleRegion {
  /// A value a pixel, row by row: whether it lies in the hole; at least one does.
  static func drawn(height: Int, width: Int, _ random: RandomSource) -> [Bool] {
    let numbers = random.uniforms(16)
    let places = (0..<height * width).map {
      (x: Float($0 % width) + 0.5, y: Float($0 / width) + 0.5)
    }
    let size = (x: Float(width), y: Float(height))
    let contains: ((x: Float, y: Float)) -> Bool
    switch numbers[0] {
    case ..<0.4: contains = halfPlane(size, numbers)
    case ..<0.75: contains = rectangle(size, numbers)
    case ..<0.85:
      let window = rectangle(size, numbers)
      contains = { !window($0) }
    default: contains = strokes(size, numbers)
    }
    let region = places.map(contains)
    // A window as large as the image leaves nothing around it.
    return region.contains(true) ? region : [Bool](repeating: true, count: region.count)
  }

  private typealias Point = (x: Float, y: Float)

  /// All on one side of a line, which lies level or upright half of the time; from a quarter to three quarters of the
  /// image's extent across the line.
  private static func halfPlane(_ size: Point, _ numbers: [Float]) -> (Point) -> Bool {
    let isAligned = numbers[1] < 0.5
    let turn = isAligned ? (4 * numbers[2]).rounded(.down) / 4 : numbers[2]
    let direction = (x: cosf(2 * .pi * turn), y: sinf(2 * .pi * turn))
    let extent = abs(direction.x) * size.x + abs(direction.y) * size.y
    let edge = extent * (0.5 * numbers[3] - 0.25)
    return {
      ($0.x - size.x / 2) * direction.x + ($0.y - size.y / 2) * direction.y >= edge
    }
  }

  /// Sides from an eighth to seven eighths of the image's, anywhere within it.
  private static func rectangle(_ size: Point, _ numbers: [Float]) -> (Point) -> Bool {
    let sides = (
      x: max(1, size.x * (0.125 + 0.75 * numbers[1])),
      y: max(1, size.y * (0.125 + 0.75 * numbers[2]))
    )
    let corner = (x: (size.x - sides.x) * numbers[3], y: (size.y - sides.y) * numbers[4])
    return {
      $0.x >= corner.x - 0.5 && $0.x <= corner.x + sides.x && $0.y >= corner.y - 0.5
        && $0.y <= corner.y + sides.y
    }
  }

  /// A line of one to four straight strokes from one random place to the next, a sixteenth to a quarter of the image wide.
  private static func strokes(_ size: Point, _ numbers: [Float]) -> (Point) -> Bool {
    let radius = max(0.75, max(size.x, size.y) * (0.03 + 0.1 * numbers[1]))
    let count = 1 + Int(4 * numbers[2])
    let corners = (0...min(4, count)).map {
      (x: size.x * numbers[3 + 2 * $0], y: size.y * numbers[4 + 2 * $0])
    }
    return { point in
      zip(corners, corners.dropFirst()).contains { distance(point, $0, $1) <= radius }
    }
  }

  /// How far a point is from the line between two others.
  private static func distance(_ point: Point, _ start: Point, _ end: Point) -> Float {
    let along = (x: end.x - start.x, y: end.y - start.y)
    let length = max(1e-6, along.x * along.x + along.y * along.y)
    let share = ((point.x - start.x) * along.x + (point.y - start.y) * along.y) / length
    let nearest = min(1, max(0, share))
    let (x, y) = (point.x - start.x - nearest * along.x, point.y - start.y - nearest * along.y)
    return (x * x + y * y).squareRoot()
  }
}
