extension BarChart {
  private static let textScale = 2
  private static let textHeight = BitmapFont.glyphHeight * textScale
  private static let lineHeight = textHeight + 4
  private static let ink = Colour(grey: 40)
  private static let grid = Colour(grey: 225)

  /// The chart as an RGB image of ``width`` x ``height`` pixels; equal charts give equal pixels.
  public func rendered() -> Image {
    var canvas = Canvas(width: width, height: height)
    let ticks = AxisTicks(range: range, count: max(2, height / 75))
    let labelWidth =
      ticks.labels.map { BitmapFont.width(of: $0, scale: Self.textScale) }.max() ?? 0
    let left = 12 + Self.textHeight + 12 + labelWidth + 10
    let slot = max(1, (width - left - 24) / max(1, bars.count))
    let names = bars.map { Self.lines($0.name, columns: slot - 12) }
    let nameLines = names.map(\.count).max() ?? 0
    // Room for captions above the highest bar.
    let top = 12 + (title.isEmpty ? 0 : Self.lineHeight + 4) + Self.lineHeight + 8
    let block = Rectangle(
      x: left, y: top, width: slot * max(1, bars.count),
      height: max(1, height - top - nameLines * Self.lineHeight - 22))

    drawAxis(ticks, block, on: &canvas)
    for (place, bar) in bars.enumerated() {
      let middle = block.x + place * slot + slot / 2
      draw(bar, Colour.distinct[place % Colour.distinct.count], middle, slot, block, on: &canvas)
      for (line, text) in names[place].enumerated() {
        let y = block.y + block.height + 10 + line * Self.lineHeight
        Self.write(text, middle: middle, y: y, on: &canvas)
      }
    }
    canvas.fill(Rectangle(x: block.x, y: block.y, width: 1, height: block.height), Self.ink)
    canvas.fill(
      Rectangle(x: block.x, y: block.y + block.height - 1, width: block.width, height: 1), Self.ink)
    return canvas.image
  }

  /// The row of a value.
  private func row(_ value: Double, _ block: Rectangle) -> Int {
    let share = min(max((value - range.lowerBound) / (range.upperBound - range.lowerBound), 0), 1)
    return block.y + Int(((1 - share) * Double(block.height - 1)).rounded())
  }

  private func drawAxis(_ ticks: AxisTicks, _ block: Rectangle, on canvas: inout Canvas) {
    for (value, label) in zip(ticks.values, ticks.labels) {
      let y = row(value, block)
      canvas.fill(Rectangle(x: block.x, y: y, width: block.width, height: 1), Self.grid)
      canvas.fill(Rectangle(x: block.x - 5, y: y, width: 5, height: 1), Self.ink)
      let textWidth = BitmapFont.width(of: label, scale: Self.textScale)
      canvas.write(
        label, x: block.x - 9 - textWidth, y: y - Self.textHeight / 2, Self.ink,
        scale: Self.textScale)
    }
    let scale = Self.textScale
    let titleText = BitmapFont.fitted(title, columns: width - block.x - 12, scale: scale)
    canvas.write(titleText, x: block.x, y: 12, Self.ink, scale: scale)
    let beside = BitmapFont.fitted(verticalTitle, columns: block.height, scale: scale)
    let start = block.y + (block.height + BitmapFont.width(of: beside, scale: scale)) / 2
    canvas.write(beside, x: 12, y: start, Self.ink, scale: scale, direction: .upward)
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
      canvas.fill(Rectangle(x: middle - 1, y: upper, width: 3, height: lower - upper + 1), Self.ink)
      for y in [upper, lower] {
        canvas.fill(Rectangle(x: middle - 9, y: y - 1, width: 19, height: 3), Self.ink)
      }
      highest = min(highest, upper)
    }
    let caption = BitmapFont.fitted(bar.caption, columns: slot - 4, scale: Self.textScale)
    Self.write(caption, middle: middle, y: highest - Self.textHeight - 8, on: &canvas)
  }

  private static func write(_ text: String, middle: Int, y: Int, on canvas: inout Canvas) {
    let textWidth = BitmapFont.width(of: text, scale: textScale)
    canvas.write(text, x: middle - textWidth / 2, y: y, ink, scale: textScale)
  }

  /// A name in lines that fit, broken at blanks.
  private static func lines(_ name: String, columns: Int) -> [String] {
    var lines: [String] = []
    for word in name.split(separator: " ").map(String.init) {
      let joined = lines.last.map { "\($0) \(word)" } ?? word
      if !lines.isEmpty, BitmapFont.width(of: joined, scale: textScale) <= columns {
        lines[lines.count - 1] = joined
      } else {
        lines.append(BitmapFont.fitted(word, columns: columns, scale: textScale))
      }
    }
    return lines
  }
}
