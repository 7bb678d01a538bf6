import Files
import Images
import Training

extension Embedder {
  /// Draws the map, where one is asked for, and finds the columns that depend on all rows; nil without any.
  ///
  /// - Parameter classes: the names of the classes of the folder, in their order.
  func relate(_ written: WrittenRows, classes: [String], _ map: Output?) throws -> RelatedColumns? {
    guard options.relatesRows || map != nil else { return nil }
    let rows = try written.read()
    let isPlaced = options.writesProjection || map != nil
    let places =
      isPlaced ? try FeatureProjection.places(rows.store, seed: options.seed, context) : nil
    if let map, let places {
      try ImageFile.write(
        EmbeddingMap.plot(places, rows.labels, classes: classes).rendered(), to: map)
    }
    guard options.relatesRows else { return nil }
    return RelatedColumns(
      rows: rows, places: options.writesProjection ? places : nil,
      neighbours: options.neighbours, context: context)
  }
}
