import Files
import Images

/// The picture of a map of features.
enum EmbeddingMap {
  /// A point an image, coloured by its class.
  static func plot(
    _ places: [SIMD2<Float>], _ labels: [String?], classes: [String]
  ) -> ScatterPlot {
    let groups = ExactText.places(of: classes)
    let points = zip(places, labels).map { place, label in
      ScatterPlot.Point(
        x: Double(place.x), y: Double(place.y), group: label.flatMap { groups[$0] })
    }
    return ScatterPlot(
      title: "\(places.count) images, near ones have similar features",
      groups: classes.map(Printable.line), points: points)
  }
}
