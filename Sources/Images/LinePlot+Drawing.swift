extension LinePlot {
  /// The plot as an RGB image of ``width`` x ``height`` pixels; equal plots give equal pixels.
  public func rendered() -> Image {
    var canvas = Canvas(width: width, height: height)
    let (horizontal, vertical) = ranges
    let columns = AxisTicks(range: horizontal, count: max(2, width / 120))
    let rows = AxisTicks(range: vertical, count: max(2, height / 75))
    let lines = legendLines()
    let line = PlotStyle.textHeight + 8
    let left = PlotStyle.margin(for: rows)
    let top = PlotStyle.titleRow + (title.isEmpty ? 0 : line) + lines.count * line + 4
    let block = Rectangle(
      x: left, y: top, width: max(1, width - left - 36), height: max(1, height - top - 64))
    let axes = Axes(block: block, horizontal: horizontal, vertical: vertical)

    drawColumns(columns, axes, on: &canvas)
    canvas.drawVerticalAxis(rows, block) { Int(axes.row($0)) }
    canvas.writePlotTitles(title, columns: block.width, vertical: verticalTitle, block)
    drawLegend(lines, y: PlotStyle.titleRow + (title.isEmpty ? 0 : line), x: left, on: &canvas)
    for (index, one) in series.enumerated() { draw(one, colour(index), axes, on: &canvas) }
    canvas.frame(block, PlotStyle.ink)
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

  /// Draws the marks of the horizontal axis and the text below it.
  private func drawColumns(_ columns: AxisTicks, _ axes: Axes, on canvas: inout Canvas) {
    let block = axes.block
    for (value, label) in zip(columns.values, columns.labels) {
      let x = Int(axes.column(value))
      canvas.fill(Rectangle(x: x, y: block.y, width: 1, height: block.height), PlotStyle.grid)
      canvas.fill(Rectangle(x: x, y: block.y + block.height, width: 1, height: 5), PlotStyle.ink)
      let textWidth = PlotStyle.width(of: label)
      let start = min(x - textWidth / 2, width - textWidth - 2)
      canvas.writePlotText(label, x: start, y: block.y + block.height + 9)
    }
    let below = BitmapFont.fitted(
      horizontalTitle, columns: block.width, scale: PlotStyle.textScale)
    let start = block.x + (block.width - PlotStyle.width(of: below)) / 2
    canvas.writePlotText(below, x: start, y: height - PlotStyle.textHeight - 12)
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
    34 + PlotStyle.width(of: one.name) + 24
  }

  private func drawLegend(_ lines: [[Int]], y: Int, x: Int, on canvas: inout Canvas) {
    for (row, line) in lines.enumerated() {
      var start = x
      let top = y + row * (PlotStyle.textHeight + 8)
      for index in line {
        let bar = Rectangle(x: start, y: top + PlotStyle.textHeight / 2 - 1, width: 26, height: 3)
        canvas.fill(bar, colour(index))
        canvas.writePlotText(series[index].name, x: start + 34, y: top)
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
