import Images
import Training

/// What was read of an image.
struct ReadPicture: Sendable {
  /// Its place in the listing.
  let place: Int
  /// See ``PictureDigest``; nil where it could not be used.
  var digest: [UInt8]?
  /// What a model says of it; empty without one.
  var features: [Float] = []
  /// Why it could not be used.
  var problem: String?
}

/// The pictures of a directory, each once, and which images show it.
struct PictureCollection {
  /// The image's place in the listing, and the number of its picture, in the order of the listing.
  private(set) var images: [(place: Int, picture: Int)] = []
  private var numbers: [[UInt8]: Int] = [:]
  private var skipped = 0
  private let store: FeatureStore?
  private var pairs: [NearPairs.Pair] = []

  /// - Parameter featureCount: numbers of an image's features; nil without a model.
  init(featureCount: Int?) throws {
    store = try featureCount.map { try FeatureStore(width: $0) }
  }

  /// Takes an image, which comes after all those taken before.
  mutating func take(_ read: ReadPicture) throws {
    guard let digest = read.digest else {
      skipped += 1
      return
    }
    if let known = numbers[digest] {
      images.append((read.place, known))
    } else {
      images.append((read.place, numbers.count))
      numbers[digest] = numbers.count
      try store?.append(read.features)
    }
  }

  /// Finds the pictures that are near each other.
  mutating func joinNear(share: Double, _ context: Context) throws {
    guard let store else { return }
    pairs = try NearPairs.all(in: store, share: share, context)
  }

  /// Groups of at least two images.
  func report(_ folder: ImageFolder) -> DuplicateReport {
    var sets = DisjointSets(count: numbers.count)
    var nearest = [Double](repeating: .infinity, count: numbers.count)
    for pair in pairs {
      sets.join(pair.first, pair.second)
      for picture in [pair.first, pair.second] {
        nearest[picture] = min(nearest[picture], pair.distance)
      }
    }
    var counts = [Int](repeating: 0, count: numbers.count)
    for image in images { counts[image.picture] += 1 }
    var groups: [Int: [DuplicateReport.Member]] = [:]
    var order: [Int] = []
    for image in images {
      let isExact = counts[image.picture] > 1
      guard isExact || nearest[image.picture].isFinite else { continue }
      let group = sets.least(of: image.picture)
      if groups[group] == nil { order.append(group) }
      let entry = folder.entries[image.place]
      groups[group, default: []].append(
        DuplicateReport.Member(
          file: entry.relativePath, label: folder.className(of: entry),
          distance: isExact ? 0 : nearest[image.picture], kind: isExact ? .exact : .near))
    }
    var report = DuplicateReport()
    report.groups = order.compactMap { groups[$0] }
    report.images = images.count
    report.skipped = skipped
    return report
  }
}
