import Files

/// How near a set of generated images is to real ones, and real ones to each other.
public struct SampleReport: Sendable {
  /// What a set of images was measured to be, beside the real images that are compared with.
  public struct Measures: Sendable {
    /// Images of the set.
    public internal(set) var count: Int
    /// The Fréchet distance of the features as it is, and without the bias of few images.
    public internal(set) var frechet: (value: Double, unbiased: Double)
    /// The kernel distance of the features.
    public internal(set) var kernel: MeanEstimate
    /// The share of the set that is among the real images, and the share of these that is among the set.
    public internal(set) var precision: Double, recall: Double
    /// Real neighbourhoods that an image of the set is in, and the share of real ones that have one of the set.
    public internal(set) var density: Double, coverage: Double
    /// The log-likelihood of the real images under a Parzen window around the set, in nats, and the window's width.
    public internal(set) var parzen: (width: Double, logLikelihood: MeanEstimate)
  }

  /// What images are nearest to among the originals.
  public struct Nearest: Sendable {
    /// One image.
    public struct Match: Sendable {
      /// The place of the nearest original.
      public let original: Int
      /// The root mean square of the differences of pixels, 0...1.
      public let distance: Double
      /// Whether it is as near as a copy.
      public let isCopy: Bool
    }

    /// One for each image.
    public let matches: [Match]

    /// The lower median of the distances.
    public var medianDistance: Double {
      matches.map(\.distance).sorted()[(matches.count - 1) / 2]
    }
    /// The share of the images that are copies.
    public var copyShare: Double { Double(matches.count { $0.isCopy }) / Double(matches.count) }
  }

  /// Classes as the fixed classifier sees them.
  public struct Classes: Sendable {
    /// Their names.
    public let names: [String]
    /// Images of the set in each.
    public let generated: [Int]
    /// Real images in each.
    public let real: [Int]
    /// Whether both could have their images in the same classes.
    package let test: ChiSquare
    /// The share of the images of the set that are of the class that their label says; nil where they have none.
    public let agreement: Double?

    /// Classes of which there is less than a fifth of what there is among the real images.
    public var missed: [String] {
      let share = Double(generated.reduce(0, +)) / Double(max(1, real.reduce(0, +)))
      return names.indices.filter { Double(generated[$0]) < 0.2 * share * Double(real[$0]) }
        .map { names[$0] }
    }
  }

  /// The features that sets are compared by.
  public let features: String
  /// Numbers of an image's features.
  public let featureCount: Int
  /// Images to compare with.
  public let testCount: Int
  /// Images that the classifier and the scale of features learnt from.
  public let teachingCount: Int
  /// The generated images.
  public internal(set) var generated: Measures
  /// Real images in their place, of those that were learnt from.
  public internal(set) var real: Measures
  /// Where the generated images are among the originals.
  public internal(set) var nearest: Nearest
  /// Where the images to compare with are among them.
  public internal(set) var realNearest: Nearest
  /// Their classes; nil where real images have none.
  public internal(set) var classes: Classes?
  /// Where images are in the plane in which the real ones' features vary most: some of either kind.
  public internal(set) var plane: (real: [SIMD2<Float>], generated: [SIMD2<Float>])
  /// The share of the labelled real images that a classifier taught by real ones, and by generated ones, tells rightly; nil where
  /// labels are missing.
  public internal(set) var accuracy: (real: Double?, generated: Double?)
}
