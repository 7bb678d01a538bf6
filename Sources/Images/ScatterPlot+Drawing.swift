extension ScatterPlot {
  /// What a point looks like; the colours go round first.
  enum Mark: CaseIterable {
    case disc, square, diamond, ring

    /// How much of a pixel is covered, 0...1, so far across and down from the mark's middle.
    func coverage(_ x: Double, _ y: Double, radius: Double) -> Double {
      let distance =
        switch self {
        case .disc: (x * x + y * y).squareRoot()
        case .square: max(abs(x), abs(y)) * 1.12
        case .diamond: (abs(x) + abs(y)) * 0.8
        case .ring: abs((x * x + y * y).squareRoot() - radius * 0.75) + radius * 0.6
        }
      return min(1, max(0, radius + 0.5 - distance))
    }
  }

  private static let legendGap = 24
  private static let longestName = 260
  private static let pointOpacity = 0.75

  /// The plot as an RGB image; equal plots give equal pixels.
  public func rendered() -> Image {
    let legend = legend
    let names = legend.map { BitmapFont.fitted($0.name, columns: Self.longestName, scale: 2) }
    let widest = names.map(PlotStyle.width).max() ?? 0
    let line = PlotStyle.textHeight + 8
    let top = PlotStyle.titleRow + line + 4
    let rows = max(side, names.count * line)
    var canvas = Canvas(
      width: 16 + side + (names.isEmpty ? 16 : Self.legendGap + 24 + widest + 16),
      height: top + rows + 16)
    let block = Rectangle(x: 16, y: top, width: side, height: side)
    canvas.writePlotText(
      BitmapFont.fitted(title, columns: canvas.image.width - 32, scale: 2), x: block.x,
      y: PlotStyle.titleRow)
    let (middleX, middleY, reach) = frame
    for point in mixed where point.x.isFinite && point.y.isFinite {
      let share = SIMD2((point.x - middleX) / reach, (middleY - point.y) / reach)
      let place = SIMD2(Double(block.x), Double(block.y)) + (share + 1) * (Double(side) / 2)
      draw(point.group, at: place, radius: points.count > 2000 ? 2.5 : 3.5, on: &canvas)
    }
    canvas.frame(block, PlotStyle.grid)
    for (row, entry) in legend.enumerated() {
      let left = block.x + side + Self.legendGap
      let y = block.y + row * line
      if entry.isMarked {
        draw(
          entry.group, at: SIMD2(Double(left + 6), Double(y + PlotStyle.textHeight / 2)),
          radius: 5, opacity: 1, on: &canvas)
      }
      canvas.writePlotText(names[row], x: left + 24, y: y)
    }
    return canvas.image
  }

  /// The lines of the legend.
  private var legend: [(name: String, group: Int?, isMarked: Bool)] {
    let shown = groups.count <= Self.mostNamed ? groups.count : Self.mostNamed - 1
    var lines = groups.prefix(shown).enumerated().map {
      (name: $0.element, group: Optional($0.offset), isMarked: true)
    }
    if shown < groups.count { lines.append(("and \(groups.count - shown) more", nil, false)) }
    if !groups.isEmpty, points.contains(where: { $0.group == nil }) {
      lines.append((nameWithoutGroup, nil, true))
    }
    return lines
  }

  private func draw(
    _ group: Int?, at place: SIMD2<Double>, radius: Double, opacity: Double = Self.pointOpacity,
    on canvas: inout Canvas
  ) {
    let colours = Colour.many
    let isOne = groups.isEmpty
    let colour =
      group.map { colours[$0 % colours.count] } ?? (isOne ? colours[0] : Colour(grey: 200))
    let mark = group.map { Mark.allCases[$0 / colours.count % Mark.allCases.count] } ?? .disc
    let size = Int(radius) + 2
    let (column, row) = (Int(place.x), Int(place.y))
    for y in row - size...row + size {
      for x in column - size...column + size {
        let cover = mark.coverage(
          Double(x) + 0.5 - place.x, Double(y) + 0.5 - place.y, radius: radius)
        canvas.blend(x, y, colour, opacity: cover * opacity)
      }
    }
  }
}
