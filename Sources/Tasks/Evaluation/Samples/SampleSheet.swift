public import Images
import Models
import Tensors
public import Training

extension SampleEvaluator {
  /// Pairs in a row of a sheet, and rows of either kind.
  private static let (pairs, rows) = (6, 5)

  /// Samples beside their nearest originals: first those that are the nearest to one, then others, evenly spread; copies in a red
  /// frame.
  public func sheet(_ generated: ImageDataset, _ report: SampleReport) -> ContactSheet {
    let matches = report.nearest.matches
    let count = min(generated.count, Self.pairs * Self.rows)
    let near = matches.indices.sorted { (matches[$0].distance, $0) < (matches[$1].distance, $1) }
    let spread = (0..<count).map { $0 * generated.count / count }
    let kinds = [("nearest", Array(near.prefix(count))), ("others", spread)]
    var sheet = ContactSheet(rows: [])
    for (title, chosen) in kinds {
      for start in stride(from: 0, to: chosen.count, by: Self.pairs) {
        sheet.rowTitles.append(start == 0 ? title : "")
        sheet.rows.append(
          chosen[start..<min(chosen.count, start + Self.pairs)].flatMap { place in
            let match = matches[place]
            return [
              cell(generated, place, isCopy: match.isCopy),
              cell(images.originals, match.original, isCopy: match.isCopy),
            ]
          })
      }
    }
    sheet.columnTitles = (0..<Self.pairs).flatMap { _ in ["sample", "original"] }
    return sheet
  }

  private func cell(_ set: ImageDataset, _ place: Int, isCopy: Bool) -> ContactSheet.Cell? {
    ContactSheet.Cell(
      PixelLevels.image(set.batch([place]).levels.values, shape: set.shape),
      frame: isCopy ? Colour(red: 200, green: 30, blue: 30) : nil)
  }
}
