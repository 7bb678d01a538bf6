import Models
import Tensors
public import Training

/// Tells samples that copy an original from new images.
///
/// A sample is a copy where it is at least as near to any original as the nearest hundredth of the
/// originals of its class are to their nearest neighbours in the class. A model that draws from the
/// distribution of the originals therefore loses about one sample in a hundred.
public struct CopyCheck: Sendable {
  /// The share of a class's originals that are as near to another one as a copy.
  static let quantile = 0.01
  /// Originals of a class whose nearest neighbours are looked for.
  static let mostQueries = 2000

  private let originals: NearestOriginals
  private let dataset: ImageDataset
  /// The distance up to which a sample is a copy, for each class of a plan.
  public let thresholds: [Double]

  /// A check against the images of a data set, for the classes of a plan.
  ///
  /// A class of a single image has no distances of its own, and gets the smallest of the others'
  /// thresholds; without any only the image itself counts as a copy.
  public init(_ dataset: ImageDataset, _ plan: AugmentationPlan) {
    self.dataset = dataset
    originals = NearestOriginals(dataset, among: Array(0..<dataset.count))
    let own = plan.classes.map { group -> Double? in
      group.count == 0
        ? nil
        : Self.threshold(
          dataset,
          dataset.labels.indices.filter { group.name == nil || dataset.labels[$0] == group.place })
    }
    let smallest = own.compactMap { $0 }.min() ?? 0
    thresholds = own.map { $0 ?? smallest }
  }

  /// The nearest original of each of some samples.
  func matches(_ samples: Tensor) -> [NearestOriginals.Match] {
    // There is always one: a data set has at least one image.
    originals.matches(samples).compactMap { $0 }
  }

  /// The path of an original.
  func path(_ match: NearestOriginals.Match) -> String { dataset.paths[match.index] }

  /// A low quantile of the distances of images to their nearest neighbours; nil for a single image.
  private static func threshold(_ dataset: ImageDataset, _ members: [Int]) -> Double? {
    guard members.count > 1 else { return nil }
    let count = min(members.count, mostQueries)
    // Evenly spread, whatever order the files are in.
    let asked = (0..<count).map { members[$0 * members.count / count] }
    let matches = NearestOriginals(dataset, among: members).matches(
      dataset.batch(asked).levels, excluding: asked)
    let distances = matches.compactMap { $0?.distance }.sorted()
    return distances[Int(quantile * Double(distances.count - 1))]
  }
}
