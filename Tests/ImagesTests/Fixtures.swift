import Files
import Images

/// The shipped fixtures, and the closed forms of their pixels; see `Scripts/make_odd_fixtures.py`.
enum Fixtures {
  static let width = 24
  static let height = 16

  static func path(_ relativePath: String) -> String {
    let tests = FileSystem.directory(of: FileSystem.directory(of: #filePath))
    return FileSystem.join(FileSystem.directory(of: tests), "fixtures/" + relativePath)
  }

  /// An image of the fixtures' size from a rule for its samples.
  static func image(_ format: PixelFormat, _ samples: (_ x: Int, _ y: Int) -> [Int]) -> Image {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width { pixels += samples(x, y).map { UInt8(truncatingIfNeeded: $0) } }
    }
    return Image(width: width, height: height, format: format, pixels: pixels)
  }

  static func ramp(_ x: Int, _ y: Int) -> Int { (x * 10 + y * 7) % 256 }
  static func colour(_ x: Int, _ y: Int) -> [Int] {
    [x * 10 % 256, y * 15 % 256, (x + y) * 6 % 256]
  }
  static func alpha(_ x: Int) -> Int { (x * 11 + 3) % 256 }
  static let palette = [[200, 30, 60], [10, 120, 240], [250, 210, 0], [0, 0, 0]]

  static let smooth = image(.grey) { x, y in [40 + 6 * x + 3 * y] }
  static let warm = image(.rgb) { x, y in [40 + 6 * x, 200 - 8 * y, 90 + 3 * x] }
}
