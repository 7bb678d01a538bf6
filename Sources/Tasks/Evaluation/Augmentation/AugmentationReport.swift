/// What the classifiers trained on each mix reached on the test images.
public struct AugmentationReport: Sendable, Equatable {
  /// One mix.
  public struct Measurement: Sendable, Equatable {
    /// What the classifiers were trained on.
    public let mix: TrainingMix
    /// The share of the test images that are classified rightly, a number a seed.
    public internal(set) var accuracies: [Double] = []
    /// The same of each class's images, a list a seed; nil for a class without test images.
    public internal(set) var recalls: [[Double?]] = []

    /// The mean over the seeds.
    public var accuracy: Double { MeanEstimate(of: accuracies).value }
    /// The standard deviation over the seeds; nil for a single one.
    public var standardDeviation: Double? { MeanEstimate.standardDeviation(of: accuracies) }

    /// The mean over the seeds and the standard deviation of a class's recall.
    public func recall(_ label: Int) -> (mean: Double, standardDeviation: Double?)? {
      let numbers = recalls.compactMap { $0[label] }
      guard !numbers.isEmpty else { return nil }
      return (MeanEstimate(of: numbers).value, MeanEstimate.standardDeviation(of: numbers))
    }
  }

  /// The real images and so many generated ones of each class together.
  public struct Amount: Sendable, Equatable {
    /// Generated images of each class at most; 0 for none.
    public let perClass: Int
    /// The share of the test images that are classified rightly, a number a seed.
    public internal(set) var accuracies: [Double]
  }

  /// The classes.
  public let classes: [String]
  /// Real images that are learnt from, a number a class.
  public let realCounts: [Int]
  /// Generated images, a number a class.
  public let generatedCounts: [Int]
  /// Images that judge.
  public let testCount: Int
  /// The share of a mixed batch that is generated.
  public let generatedShare: Double
  /// The mixes in order; generated images alone are left out where a class has none.
  public internal(set) var measurements: [Measurement] = []

  /// What amounts of generated images are worth, from none on, where that was asked for.
  public internal(set) var amounts: [Amount] = []

  /// The measurement of a mix, where it was made.
  public subscript(mix: TrainingMix) -> Measurement? { measurements.first { $0.mix == mix } }

  /// By how much one mix does better than another; nil where one of them was not measured.
  public func difference(_ mix: TrainingMix, less baseline: TrainingMix) -> PairedDifference? {
    guard let mix = self[mix], let baseline = self[baseline] else { return nil }
    return PairedDifference(mix.accuracies, less: baseline.accuracies)
  }
}
