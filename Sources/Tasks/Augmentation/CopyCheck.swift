import Models
import Tensors
import Training

/// Tells samples that copy an original from new images, by their pixels and, where the model encodes
/// images, by its features.
///
/// A sample is a copy where it is at least as near to any original as the nearest hundredth of the
/// originals of its class are to their nearest neighbours in the class. A model that draws from the
/// distribution of the originals therefore loses about one sample in a hundred to each measure.
///
/// A class of less than a hundred originals has no hundredth, and its originals are far apart because they
/// are few: there a copy is what is nearer to an original than half of the way between the nearest two.
public struct CopyCheck: Sendable {
  /// What a sample is nearest to.
  struct Match: Sendable {
    /// The place of the nearest original in the data set, by pixels.
    let index: Int
    /// The root mean square of the differences of pixels to it, 0...1.
    let distance: Double
    /// The root mean square of the differences of features to those of the original that is the nearest by
    /// them; nil where the model does not encode.
    let encoderDistance: Double?
  }

  /// The share of a class's originals that are as near to another one as a copy.
  static let quantile = 0.01
  /// Originals of a class below which its nearest two decide.
  static let fewestForQuantile = 100
  /// The share of the distance of these two within which a sample is a copy.
  static let shareOfNearest = 0.5
  /// Originals of a class whose nearest neighbours are looked for.
  static let mostQueries = 2000

  private let originals: NearestOriginals
  private let dataset: ImageDataset
  private let encoded: (originals: EncodedOriginals, finder: NearestRows)?
  /// The distance of pixels up to which a sample is a copy, for each group.
  public let thresholds: [Double]
  /// The same of features; nil where the model does not encode.
  public let encoderThresholds: [Double]?

  /// A check against the images of a data set, for the classes of a plan.
  ///
  /// - Parameter encoded: the images as the model encodes them, without classes, where it does.
  init(_ dataset: ImageDataset, _ plan: AugmentationPlan, encoded: EncodedOriginals?) {
    self.init(
      dataset, groups: plan.classes.map { $0.count == 0 ? [] : $0.members(of: dataset) },
      encoded: encoded)
  }

  /// A check against the images of a data set, for groups of them.
  ///
  /// A group of a single image has no distances of its own, and gets the smallest of the others'
  /// thresholds; without any only the image itself counts as a copy.
  ///
  /// - Parameters:
  ///   - members: the places of each group's images in the data set.
  ///   - encoded: the images as the model encodes them, without classes, where it does.
  init(_ dataset: ImageDataset, groups members: [[Int]], encoded: EncodedOriginals?) {
    self.dataset = dataset
    let all = Array(0..<dataset.count)
    originals = NearestOriginals(dataset, among: all)
    self.encoded = encoded.map { ($0, $0.finder(among: all)) }
    thresholds = Self.thresholds(members) { members, asked in
      NearestOriginals(dataset, among: members).matches(
        dataset.batch(asked).levels, excluding: asked
      ).compactMap { $0?.distance }
    }
    encoderThresholds = encoded.map { encoded in
      Self.thresholds(members) { members, asked in
        encoded.finder(among: members).matches(encoded.rows(asked[...]), excluding: asked)
          .compactMap { $0?.distance }
      }
    }
  }

  /// What each of some samples is nearest to.
  func matches(_ samples: [[Float]]) -> [Match] {
    matches(
      ImageBatch(samples, shape: dataset.shape).levels,
      features: encoded.map { encoded in
        encoded.finder.matches(encoded.originals.features(samples))
      })
  }

  /// What each of some images is nearest to by pixels alone; float32 `[images, ...]`, levels.
  func matches(_ levels: Tensor) -> [Match] { matches(levels, features: nil) }

  private func matches(_ levels: Tensor, features: [NearestRows.Match?]?) -> [Match] {
    // There is always a match: a data set has at least one image.
    return originals.matches(levels).enumerated().compactMap { sample, match in
      match.map {
        Match(
          index: $0.index, distance: $0.distance,
          encoderDistance: features?[sample]?.distance)
      }
    }
  }

  /// Whether a sample of a group copies an original.
  func isCopy(_ match: Match, of group: Int) -> Bool {
    if match.distance <= thresholds[group] { return true }
    guard let distance = match.encoderDistance, let encoderThresholds else { return false }
    return distance <= encoderThresholds[group]
  }

  /// The path of an original.
  func path(_ index: Int) -> String { dataset.paths[index] }

  /// A threshold for each class: a low quantile of the distances of its images to their nearest neighbours.
  ///
  /// - Parameters:
  ///   - classes: the places of each class's images in the data set.
  ///   - distances: those of some images to the nearest others among members.
  private static func thresholds(
    _ classes: [[Int]], _ distances: (_ members: [Int], _ asked: [Int]) -> [Double]
  ) -> [Double] {
    let own = classes.map { members -> Double? in
      guard members.count > 1 else { return nil }
      let count = min(members.count, mostQueries)
      // Evenly spread, whatever order the files are in.
      let asked = (0..<count).map { members[$0 * members.count / count] }
      let sorted = distances(members, asked).filter { !$0.isNaN }.sorted()
      guard !sorted.isEmpty else { return nil }
      guard members.count >= fewestForQuantile else { return shareOfNearest * sorted[0] }
      return sorted[Int(quantile * Double(sorted.count - 1))]
    }
    let smallest = own.compactMap { $0 }.min() ?? 0
    return own.map { $0 ?? smallest }
  }
}
