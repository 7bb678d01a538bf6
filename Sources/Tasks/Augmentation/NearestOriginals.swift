import Models
public import Tensors
public import Training

/// Finds the nearest of many images: the distance is the root mean square of the differences of
/// pixels, whose values are 0...1.
public struct NearestOriginals: Sendable {
  /// An image and how far it is.
  public struct Match: Sendable, Equatable {
    /// The place of the image in the data set.
    public let index: Int
    /// The root mean square of the differences, 0...1.
    public let distance: Double
  }

  private let indices: [Int]
  private let highest: Double
  private let rows: NearestRows

  /// A finder among these images of a data set.
  public init(_ dataset: ImageDataset, among indices: [Int]) {
    self.indices = indices
    highest = Double(dataset.shape.levels - 1)
    rows = NearestRows(keys: indices, width: dataset.shape.dimensionCount) { range in
      dataset.batch(Array(indices[range])).levels
    }
  }

  /// The nearest image to each of some images.
  ///
  /// - Parameters:
  ///   - queries: float32 `[images, ...]`, levels.
  ///   - excluding: for each of them the place in the data set of an image that does not count,
  ///     such as itself.
  /// - Returns: a match each; nil where there is no other image.
  public func matches(_ queries: Tensor, excluding: [Int]? = nil) -> [Match?] {
    rows.matches(queries, excluding: excluding).map { match in
      match.map { Match(index: indices[$0.place], distance: $0.distance / highest) }
    }
  }
}
