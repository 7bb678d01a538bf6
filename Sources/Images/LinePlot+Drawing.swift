extension LinePlot {
  private static let textScale = 2
  private static let textHeight = BitmapFont.glyphHeight * textScale
  private static let ink = Colour(grey: 40)
  private static let grid = Colour(grey: 225)

  /// The plot as an RGB image of ``width`` x ``height`` pixels; equal plots give equal pixels.
  public func rendered() -> Image {
    var canvas = Canvas(width: width, height: height)
    let (horizontal, vertical) = ranges
    let columns = AxisTicks(range: horizontal, count: max(2, width / 120))
    let rows = AxisTicks(range: vertical, count: max(2, height / 75))
    let labelWidth = rows.labels.map { BitmapFont.width(of: $0, scale: Self.textScale) }.max() ?? 0
    let lines = legendLines()
    let line = Self.textHeight + 8
    let left = 12 + Self.textHeight + 12 + labelWidth + 10
    let top = 12 + (title.isEmpty ? 0 : line) + lines.count * line + 4
    let block = Rectangle(
      x: left, y: top, width: max(1, width - left - 36), height: max(1, height - top - 64))
    let axes = Axes(block: block, horizontal: horizontal, vertical: vertical)

    drawTicks(columns, rows, axes, on: &canvas)
    drawTitles(block, on: &canvas)
    drawLegend(lines, y: 12 + (title.isEmpty ? 0 : line), x: left, on: &canvas)
    for (index, one) in series.enumerated() { draw(one, colour(index), axes, on: &canvas) }
    canvas.frame(block, Self.ink)
    return canvas.image
  }

  /// Where points of the plot fall on the canvas.
  private struct Axes {
    let block: Rectangle
    let horizontal: ClosedRange<Double>
    let vertical: ClosedRange<Double>

    func column(_ x: Double) -> Double {
      let share = Self.share(x, of: horizontal)
      return Double(block.x) + 0.5 + share * Double(block.width - 1)
    }

    func row(_ y: Double) -> Double {
      let share = Self.share(y, of: vertical)
      return Double(block.y + block.height) - 0.5 - share * Double(block.height - 1)
    }

    /// 0 at the start of a range, 1 at its end; kept finite for points far outside.
    private static func share(_ value: Double, of range: ClosedRange<Double>) -> Double {
      let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
      return min(max(share, -1e6), 1e6)
    }
  }

  private func colour(_ index: Int) -> Colour { Colour.distinct[index % Colour.distinct.count] }

  private func drawTicks(
    _ columns: AxisTicks, _ rows: AxisTicks, _ axes: Axes, on canvas: inout Canvas
  ) {
    let block = axes.block
    for (value, label) in zip(columns.values, columns.labels) {
      let x = Int(axes.column(value))
      canvas.fill(Rectangle(x: x, y: block.y, width: 1, height: block.height), Self.grid)
      canvas.fill(Rectangle(x: x, y: block.y + block.height, width: 1, height: 5), Self.ink)
      let textWidth = BitmapFont.width(of: label, scale: Self.textScale)
      let start = min(x - textWidth / 2, width - textWidth - 2)
      canvas.write(
        label, x: start, y: block.y + block.height + 9, Self.ink, scale: Self.textScale)
    }
    for (value, label) in zip(rows.values, rows.labels) {
      let y = Int(axes.row(value))
      canvas.fill(Rectangle(x: block.x, y: y, width: block.width, height: 1), Self.grid)
      canvas.fill(Rectangle(x: block.x - 5, y: y, width: 5, height: 1), Self.ink)
      let textWidth = BitmapFont.width(of: label, scale: Self.textScale)
      canvas.write(
        label, x: block.x - 9 - textWidth, y: y - Self.textHeight / 2, Self.ink,
        scale: Self.textScale)
    }
  }

  private func drawTitles(_ block: Rectangle, on canvas: inout Canvas) {
    let scale = Self.textScale
    let titleText = BitmapFont.fitted(title, columns: block.width, scale: scale)
    canvas.write(titleText, x: block.x, y: 12, Self.ink, scale: scale)
    let below = BitmapFont.fitted(horizontalTitle, columns: block.width, scale: scale)
    let belowStart = block.x + (block.width - BitmapFont.width(of: below, scale: scale)) / 2
    canvas.write(
      below, x: belowStart, y: height - Self.textHeight - 12, Self.ink, scale: scale)
    let beside = BitmapFont.fitted(verticalTitle, columns: block.height, scale: scale)
    let besideStart = block.y + (block.height + BitmapFont.width(of: beside, scale: scale)) / 2
    canvas.write(beside, x: 12, y: besideStart, Self.ink, scale: scale, direction: .upward)
  }

  /// The series, by index, that share a line of the legend.
  private func legendLines() -> [[Int]] {
    guard series.count > 1 || series.first?.name.isEmpty == false else { return [] }
    var lines: [[Int]] = [[]]
    var used = 0
    for (index, one) in series.enumerated() {
      let needed = legendWidth(one)
      if used + needed > width - 140, used > 0 {
        lines.append([])
        used = 0
      }
      lines[lines.count - 1].append(index)
      used += needed
    }
    return lines
  }

  private func legendWidth(_ one: Series) -> Int {
    34 + BitmapFont.width(of: one.name, scale: Self.textScale) + 24
  }

  private func drawLegend(_ lines: [[Int]], y: Int, x: Int, on canvas: inout Canvas) {
    for (row, line) in lines.enumerated() {
      var start = x
      let top = y + row * (Self.textHeight + 8)
      for index in line {
        let bar = Rectangle(x: start, y: top + Self.textHeight / 2 - 1, width: 26, height: 3)
        canvas.fill(bar, colour(index))
        canvas.write(series[index].name, x: start + 34, y: top, Self.ink, scale: Self.textScale)
        start += legendWidth(series[index])
      }
    }
  }

  private func draw(
    _ one: Series, _ colour: Colour, _ axes: Axes, on canvas: inout Canvas
  ) {
    for run in one.points.split(whereSeparator: { !$0.isFinite }) {
      let places = run.map { Canvas.Place(x: axes.column($0.x), y: axes.row($0.y)) }
      canvas.curve(places, colour, thickness: 2, within: axes.block)
      if one.showsPoints || places.count == 1 {
        for place in places { canvas.curve([place], colour, thickness: 7, within: axes.block) }
      }
    }
  }
}
