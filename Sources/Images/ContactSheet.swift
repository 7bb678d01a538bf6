/// Small pictures in rows, enlarged so that single pixels can be seen, with titles and frames.
public struct ContactSheet: Sendable {
  /// One picture of the sheet.
  public struct Cell: Sendable {
    /// The picture.
    public var image: Image

    /// The colour of a frame round it, or `nil` for none.
    public var frame: Colour?

    /// A text below it; cut to the cell's width.
    public var label: String?

    /// A picture, its frame and its label.
    public init(_ image: Image, frame: Colour? = nil, label: String? = nil) {
      self.image = image
      self.frame = frame
      self.label = label
    }
  }

  /// The cells, row after row; `nil` leaves a place empty, and rows may differ in length.
  public var rows: [[Cell?]]

  /// Titles left of the rows, from the first; may be fewer than the rows.
  public var rowTitles: [String] = []

  /// Titles above the columns, from the first; cut to the cells' width; may be fewer than the
  /// columns.
  public var columnTitles: [String] = []

  /// The side of the block that each pixel becomes, or `nil` for cells of 64 pixels or a little
  /// less.
  public var scale: Int?

  /// The gap between cells and round the sheet, in pixels.
  public var padding = 6

  /// The enlargement of the texts' 5 x 7 glyphs.
  public var textScale = 1

  /// The colour behind the cells.
  public var background = Colour(grey: 236)

  /// A sheet of these rows.
  public init(rows: [[Cell?]]) {
    self.rows = rows
  }

  /// A sheet of pictures alone, filled row by row.
  public init(images: [Image], columns: Int) {
    precondition(columns > 0, "a contact sheet of \(columns) columns")
    self.init(
      rows: stride(from: 0, to: images.count, by: columns).map { start in
        images[start..<min(start + columns, images.count)].map { Cell($0) }
      })
  }

  /// The whole sheet as one RGB image.
  ///
  /// Smaller pictures stand at the top left of their cells.
  public func rendered() -> Image {
    let cells = rows.joined().compactMap { $0 }
    precondition(!cells.isEmpty, "a contact sheet without pictures")
    let largestWidth = cells.reduce(1) { max($0, $1.image.width) }
    let largestHeight = cells.reduce(1) { max($0, $1.image.height) }
    let scale = max(1, scale ?? 64 / max(largestWidth, largestHeight))
    let (cellWidth, cellHeight) = (largestWidth * scale, largestHeight * scale)
    let textHeight = BitmapFont.lineHeight * textScale
    let labelHeight = cells.contains { $0.label != nil } ? textHeight + 3 : 0
    let titleWidth = rowTitles.map { BitmapFont.width(of: $0, scale: textScale) }.max() ?? 0
    let left = titleWidth == 0 ? padding : titleWidth + 2 * padding
    let top = columnTitles.isEmpty ? padding : textHeight + 2 * padding
    let columnCount = rows.reduce(0) { max($0, $1.count) }
    let rowHeight = cellHeight + labelHeight + padding

    var canvas = Canvas(
      width: left + columnCount * (cellWidth + padding), height: top + rows.count * rowHeight,
      background: background)
    for (column, title) in columnTitles.prefix(columnCount).enumerated() {
      let text = BitmapFont.fitted(title, columns: cellWidth, scale: textScale)
      canvas.write(text, x: left + column * (cellWidth + padding), y: padding, scale: textScale)
    }
    for (rowIndex, row) in rows.enumerated() {
      let y = top + rowIndex * rowHeight
      if rowIndex < rowTitles.count {
        let middle = y + (cellHeight - textHeight) / 2
        canvas.write(rowTitles[rowIndex], x: padding, y: middle, scale: textScale)
      }
      for (column, cell) in row.enumerated() {
        guard let cell else { continue }
        let x = left + column * (cellWidth + padding)
        if let frame = cell.frame {
          let block = Rectangle(
            x: x - 2, y: y - 2, width: cell.image.width * scale + 4,
            height: cell.image.height * scale + 4)
          canvas.frame(block, frame, thickness: 2)
        }
        canvas.draw(cell.image, x: x, y: y, scale: scale)
        if let label = cell.label {
          let text = BitmapFont.fitted(label, columns: cellWidth, scale: textScale)
          canvas.write(text, x: x, y: y + cellHeight + 3, scale: textScale)
        }
      }
    }
    return canvas.image
  }
}
