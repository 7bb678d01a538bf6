/// What plots have in common: their ink, the size of their text, and the room of the vertical axis.
enum PlotStyle {
  /// Pixels of the canvas a pixel of the typeface.
  static let textScale = 2
  /// Rows of a text.
  static let textHeight = BitmapFont.glyphHeight * textScale
  /// The colour of texts, axes and frames.
  static let ink = Colour(grey: 40)
  /// The colour of lines behind the data.
  static let grid = Colour(grey: 225)
  /// The first row of the title.
  static let titleRow = 12

  /// Columns of a text.
  static func width(of text: String) -> Int { BitmapFont.width(of: text, scale: textScale) }

  /// Columns left of the data: the vertical axis's title and the labels of its marks.
  static func margin(for ticks: AxisTicks) -> Int {
    12 + textHeight + 12 + (ticks.labels.map(width).max() ?? 0) + 10
  }
}

extension Canvas {
  /// Writes a text of a plot from a column on.
  mutating func writePlotText(_ text: String, x: Int, y: Int, direction: Direction = .across) {
    write(text, x: x, y: y, PlotStyle.ink, scale: PlotStyle.textScale, direction: direction)
  }

  /// Draws the marks of a vertical axis, their labels, and lines behind the data.
  ///
  /// - Parameter row: the row of a value.
  mutating func drawVerticalAxis(_ ticks: AxisTicks, _ block: Rectangle, row: (Double) -> Int) {
    for (value, label) in zip(ticks.values, ticks.labels) {
      let y = row(value)
      fill(Rectangle(x: block.x, y: y, width: block.width, height: 1), PlotStyle.grid)
      fill(Rectangle(x: block.x - 5, y: y, width: 5, height: 1), PlotStyle.ink)
      writePlotText(
        label, x: block.x - 9 - PlotStyle.width(of: label), y: y - PlotStyle.textHeight / 2)
    }
  }

  /// Writes the title above the data, and that of the vertical axis beside it, running upward.
  ///
  /// - Parameter columns: the most that the title takes.
  mutating func writePlotTitles(
    _ title: String, columns: Int, vertical: String, _ block: Rectangle
  ) {
    let scale = PlotStyle.textScale
    writePlotText(
      BitmapFont.fitted(title, columns: columns, scale: scale), x: block.x, y: PlotStyle.titleRow)
    let beside = BitmapFont.fitted(vertical, columns: block.height, scale: scale)
    let start = block.y + (block.height + PlotStyle.width(of: beside)) / 2
    writePlotText(beside, x: 12, y: start, direction: .upward)
  }
}
