import Files
import Images

/// One picture of a run: a row of drawn images for each class.
struct AugmentationSheet {
  /// Classes beyond this many are left out: a sheet is for people.
  static let mostRows = 60
  /// Images of a class beyond this many are left out.
  static let mostImages = 12

  private let plans: [AugmentationPlan]
  private let directory: OutputDirectory

  /// A sheet of the images of these plans, way by way.
  init(_ plans: [AugmentationPlan], _ directory: OutputDirectory) {
    self.plans = plans
    self.directory = directory
  }

  /// Draws the sheet from the images as they stand on the disk; none where there are no images.
  func write(to output: Output) throws {
    let groups = plans.flatMap(\.classes).filter { $0.count > 0 }.prefix(Self.mostRows)
    guard !groups.isEmpty else { return }
    var rows = try groups.map { group in
      try (1...min(group.count, Self.mostImages * (group.name == nil ? Self.mostImages : 1))).map {
        ContactSheet.Cell(try ImageFile.read(directory.file(group.file($0))))
      }
    }
    if groups.first?.name == nil {
      let cells = rows[0]
      rows = stride(from: 0, to: cells.count, by: Self.mostImages).map {
        Array(cells[$0..<min(cells.count, $0 + Self.mostImages)])
      }
    }
    var sheet = ContactSheet(rows: rows)
    sheet.rowTitles = groups.compactMap(\.name)
    try ImageFile.write(sheet.rendered(), to: output)
  }
}
