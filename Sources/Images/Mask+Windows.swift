extension Mask {
  /// Windows of one size, in the order in which they are to be filled, that together cover every missing pixel: for images
  /// larger than what fills them.
  ///
  /// The next window always holds the first missing pixel, in raster order, that no earlier one has filled. Of the
  /// windows that do, it is one of which at most half is missing, then one in which the most missing pixels lie away from
  /// its edges, less those near them, whose surroundings it does not see; then the one whose middle is nearest to
  /// that of its missing pixels. Where all are missing more than half, it is the one that misses the least. What a window has
  /// filled is known to those after it.
  ///
  /// - Parameters:
  ///   - windowWidth: columns of a window, at most the mask's.
  ///   - windowHeight: rows of a window, at most the mask's.
  public func windows(width windowWidth: Int, height windowHeight: Int) -> [Rectangle] {
    precondition(
      windowWidth <= width && windowHeight <= height, "windows larger than the image")
    var open = self
    var windows: [Rectangle] = []
    var start = 0
    while let pixel = open.missing[start...].firstIndex(of: true) {
      let window = WindowChoice(open, containing: pixel, windowWidth, windowHeight).best
      open.fill(window)
      windows.append(window)
      start = pixel
    }
    return windows
  }

  /// The missing pixels of a window, row by row.
  public func cropped(to window: Rectangle) -> [Bool] {
    (window.y..<window.y + window.height).flatMap { y in
      missing[y * width + window.x..<y * width + window.x + window.width]
    }
  }

  /// Makes every pixel of a window known.
  public mutating func fill(_ window: Rectangle) {
    for y in window.y..<window.y + window.height {
      for x in window.x..<window.x + window.width { missing[y * width + x] = false }
    }
  }
}

/// The windows that hold one pixel, and what is missing in each.
private struct WindowChoice {
  private let mask: Mask
  private let columns: ClosedRange<Int>, rows: ClosedRange<Int>
  private let windowWidth: Int, windowHeight: Int
  /// Missing pixels above and to the left of each place within reach, and sums of their columns and rows.
  private let counts: [Int], columnSums: [Int], rowSums: [Int]
  private let pitch: Int

  init(_ mask: Mask, containing pixel: Int, _ windowWidth: Int, _ windowHeight: Int) {
    self.mask = mask
    self.windowWidth = windowWidth
    self.windowHeight = windowHeight
    let (x, y) = (pixel % mask.width, pixel / mask.width)
    let columns = max(0, x - windowWidth + 1)...min(x, mask.width - windowWidth)
    let rows = max(0, y - windowHeight + 1)...min(y, mask.height - windowHeight)
    let (width, height) = (columns.count + windowWidth, rows.count + windowHeight)
    func sums(_ value: (Int, Int) -> Int) -> [Int] {
      var sums = [Int](repeating: 0, count: width * height)
      for row in 1..<height {
        for column in 1..<width {
          let place = row * width + column
          let (x, y) = (columns.lowerBound + column - 1, rows.lowerBound + row - 1)
          sums[place] =
            sums[place - 1] + sums[place - width] - sums[place - width - 1]
            + (mask[x, y] ? value(x, y) : 0)
        }
      }
      return sums
    }
    self.columns = columns
    self.rows = rows
    pitch = width
    counts = sums { _, _ in 1 }
    columnSums = sums { x, _ in x }
    rowSums = sums { _, y in y }
  }

  /// The window to fill next.
  var best: Rectangle {
    var best: (window: Rectangle, rank: Rank)?
    for y in rows {
      for x in columns {
        let window = Rectangle(x: x, y: y, width: windowWidth, height: windowHeight)
        let rank = rank(of: window)
        if best.map({ rank.isBetter(than: $0.rank) }) ?? true { best = (window, rank) }
      }
    }
    guard let best else { preconditionFailure("no window holds a pixel") }
    return best.window
  }

  /// What speaks for a window; of two that are equal in all the first in raster order is taken.
  private struct Rank {
    let gain: Int
    let distance: Int

    func isBetter(than other: Rank) -> Bool {
      gain != other.gain ? gain > other.gain : distance < other.distance
    }
  }

  private func rank(of window: Rectangle) -> Rank {
    let missing = sum(counts, window)
    let area = windowWidth * windowHeight
    // Twice the way from the window's middle to that of its missing pixels, times their number.
    let distance =
      abs(2 * sum(columnSums, window) - missing * (2 * window.x + windowWidth - 1))
      + abs(2 * sum(rowSums, window) - missing * (2 * window.y + windowHeight - 1))
    guard 2 * missing <= area else { return Rank(gain: -area - missing, distance: distance) }
    return Rank(gain: 2 * sum(counts, inner(window)) - missing, distance: distance)
  }

  /// A window without the pixels near those of its edges beyond which there is more of the image.
  private func inner(_ window: Rectangle) -> Rectangle {
    func part(_ start: Int, _ length: Int, of side: Int) -> (start: Int, length: Int) {
      let margin = length / 8
      let before = start > 0 ? margin : 0
      let after = start + length < side ? margin : 0
      return (start + before, length - before - after)
    }
    let (x, width) = part(window.x, window.width, of: mask.width)
    let (y, height) = part(window.y, window.height, of: mask.height)
    return Rectangle(x: x, y: y, width: width, height: height)
  }

  /// A sum over the missing pixels of a window.
  private func sum(_ sums: [Int], _ window: Rectangle) -> Int {
    let (left, top) = (window.x - columns.lowerBound, window.y - rows.lowerBound)
    let (right, bottom) = (left + window.width, top + window.height)
    return sums[bottom * pitch + right] - sums[top * pitch + right]
      - sums[bottom * pitch + left] + sums[top * pitch + left]
  }
}
