import Files
import Images

/// One picture of a run: each image with its hole, its completions, and the original where that is
/// known.
struct CompletionSheet {
  /// Rows beyond this many are left out: a sheet is for people.
  static let mostRows = 40
  /// Completions of an image beyond this many are left out.
  static let mostCompletions = 10

  private let plan: ImputationPlan
  private let directory: OutputDirectory
  private let isDone: Set<ExactText>

  init(_ plan: ImputationPlan, _ rows: [CompletionRow], _ directory: OutputDirectory) {
    self.plan = plan
    self.directory = directory
    isDone = Set(rows.filter { $0.missingPixels > 0 }.map { ExactText($0.image) })
  }

  /// Draws the sheet from the images and the outputs as they stand on the disk.
  func write(to output: Output) throws {
    let items = plan.items.filter { isDone.contains($0.relativePath) }.prefix(Self.mostRows)
    guard !items.isEmpty else { return }
    let images = try items.map { try HoledPicture($0, of: plan.pairing) }
    let showsOriginal = images.contains(where: Self.seemsWhole)
    let samples = min(Self.mostCompletions, items.reduce(0) { max($0, $1.outputs.count) })
    let rows: [[ContactSheet.Cell?]] = try zip(items, images).map { item, image in
      var cells = [ContactSheet.Cell(image.mask.painted(over: image.image))]
      cells += try item.outputs.prefix(samples).map { output in
        ContactSheet.Cell(try ImageFile.read(directory.file(output)))
      }
      return cells + (showsOriginal ? [ContactSheet.Cell(image.image)] : [])
    }
    let titles =
      ["hole"] + (samples == 1 ? ["filled"] : (1...samples).map { "\($0)" })
      + (showsOriginal ? ["original"] : [])
    try ImageFile.write(Self.sheet(rows, titles).rendered(), to: output)
  }

  /// Sets rows side by side, with a gap between them, so that the sheet comes out about square.
  private static func sheet(
    _ rows: [[ContactSheet.Cell?]], _ titles: [String]
  ) -> ContactSheet {
    let width = titles.count + 1
    let shape = (Double(rows.count) / Double(width)).squareRoot()
    let groups = max(1, Int(shape.rounded()))
    let height = (rows.count + groups - 1) / groups
    var sheet = ContactSheet(
      rows: (0..<height).map { line in
        stride(from: line, to: rows.count, by: height).reduce(into: []) { cells, place in
          cells += (cells.isEmpty ? [] : [nil]) + rows[place]
        }
      })
    sheet.columnTitles = (0..<groups).flatMap { $0 == 0 ? titles : [""] + titles }
    return sheet
  }

  /// Whether the pixels under the mask show something: a hole that was really cut is of one colour,
  /// or transparent.
  private static func seemsWhole(_ image: HoledPicture) -> Bool {
    if image.image.format.hasAlpha { return false }
    var seen: Set<[UInt8]> = []
    for (pixel, isMissing) in image.mask.missing.enumerated() where isMissing {
      let start = pixel * image.image.channels
      seen.insert(Array(image.image.pixels[start..<start + image.image.channels]))
      if seen.count > 1 { return true }
    }
    return false
  }
}
