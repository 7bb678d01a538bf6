extension BarChart {
  private static let lineHeight = PlotStyle.textHeight + 4

  /// The chart as an RGB image of ``width`` x ``height`` pixels; equal charts give equal pixels.
  public func rendered() -> Image {
    var canvas = Canvas(width: width, height: height)
    let ticks = AxisTicks(range: range, count: max(2, height / 75))
    let left = PlotStyle.margin(for: ticks)
    let slot = max(1, (width - left - 24) / max(1, bars.count))
    let names = bars.map { Self.lines($0.name, columns: slot - 12) }
    let nameLines = names.map(\.count).max() ?? 0
    // Room for captions above the highest bar.
    let top = PlotStyle.titleRow + (title.isEmpty ? 0 : Self.lineHeight + 4) + Self.lineHeight + 8
    let block = Rectangle(
      x: left, y: top, width: slot * max(1, bars.count),
      height: max(1, height - top - nameLines * Self.lineHeight - 22))

    canvas.drawVerticalAxis(ticks, block) { row($0, block) }
    canvas.writePlotTitles(
      title, columns: width - block.x - 12, vertical: verticalTitle, block)
    for (place, bar) in bars.enumerated() {
      let middle = block.x + place * slot + slot / 2
      draw(bar, Colour.distinct[place % Colour.distinct.count], middle, slot, block, on: &canvas)
      for (line, text) in names[place].enumerated() {
        let y = block.y + block.height + 10 + line * Self.lineHeight
        Self.write(text, middle: middle, y: y, on: &canvas)
      }
    }
    canvas.fill(Rectangle(x: block.x, y: block.y, width: 1, height: block.height), PlotStyle.ink)
    canvas.fill(
      Rectangle(x: block.x, y: block.y + block.height - 1, width: block.width, height: 1),
      PlotStyle.ink)
    return canvas.image
  }

  /// The row of a value.
  private func row(_ value: Double, _ block: Rectangle) -> Int {
    let share = min(max((value - range.lowerBound) / (range.upperBound - range.lowerBound), 0), 1)
    return block.y + Int(((1 - share) * Double(block.height - 1)).rounded())
  }

  private func draw(
    _ bar: Bar, _ colour: Colour, _ middle: Int, _ slot: Int, _ block: Rectangle,
    on canvas: inout Canvas
  ) {
    guard bar.value.isFinite else { return }
    let (barWidth, floor) = (max(1, slot * 3 / 5), block.y + block.height)
    let top = row(bar.value, block)
    canvas.fill(
      Rectangle(x: middle - barWidth / 2, y: top, width: barWidth, height: floor - top), colour)
    var highest = top
    if let spread = bar.spread, spread.isFinite {
      let (upper, lower) = (row(bar.value + spread, block), row(bar.value - spread, block))
      canvas.fill(
        Rectangle(x: middle - 1, y: upper, width: 3, height: lower - upper + 1), PlotStyle.ink)
      for y in [upper, lower] {
        canvas.fill(Rectangle(x: middle - 9, y: y - 1, width: 19, height: 3), PlotStyle.ink)
      }
      highest = min(highest, upper)
    }
    let caption = BitmapFont.fitted(bar.caption, columns: slot - 4, scale: PlotStyle.textScale)
    Self.write(caption, middle: middle, y: highest - PlotStyle.textHeight - 8, on: &canvas)
  }

  private static func write(_ text: String, middle: Int, y: Int, on canvas: inout Canvas) {
    canvas.writePlotText(text, x: middle - PlotStyle.width(of: text) / 2, y: y)
  }

  /// A name in lines that fit, broken at blanks.
  private static func lines(_ name: String, columns: Int) -> [String] {
    var lines: [String] = []
    for word in name.split(separator: " ").map(String.init) {
      let joined = lines.last.map { "\($0) \(word)" } ?? word
      if !lines.isEmpty, PlotStyle.width(of: joined) <= columns {
        lines[lines.count - 1] = joined
      } else {
        lines.append(BitmapFont.fitted(word, columns: columns, scale: PlotStyle.textScale))
      }
    }
    return lines
  }
}
