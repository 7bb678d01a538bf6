public import Files
public import Models

/// What came of drawing new images for a data set.
public struct AugmentationSummary: Sendable, Equatable {
  /// What came of one class.
  public struct Class: Sendable, Equatable {
    /// Its name; nil where the images have no classes.
    public let name: String?
    /// The images that there were.
    public let originals: Int
    /// New images that a model drew, whole or in part, those of earlier runs included.
    public let images: Int
    /// Copies of originals under ordinary transforms.
    public let transformed: Int
    /// Images without a label that were given this class.
    public let pseudoLabelled: Int
    /// Samples that were rejected.
    public let rejected: Int
    /// The median of the distances to the nearest original; nil without images.
    public let medianDistance: Double?
    /// The distance up to which a sample is a copy; nil where copies are allowed.
    public let copyDistance: Double?
    /// The median of the distances of features to the nearest original's; nil where the model does not encode.
    public let medianEncoderDistance: Double?
    /// The distance of features up to which a sample is a copy; nil where copies are allowed.
    public let encoderCopyDistance: Double?
  }

  /// The classes in the order of the data set.
  public var classes: [Class]
  /// Images that an earlier run had drawn.
  public var resumed: Int
  /// Originals that were copied or linked.
  public var originals: Int
  /// What the log-likelihoods are; nil where the model has none.
  public var scoreKind: ScoreKind?
}

extension AugmentationSummary {
  /// New images in all, however they came about.
  public var images: Int {
    classes.reduce(0) { $0 + $1.images + $1.transformed + $1.pseudoLabelled }
  }

  /// Samples that were rejected in all.
  public var rejected: Int { classes.reduce(0) { $0 + $1.rejected } }

  /// The numbers that do not depend on where a run was interrupted.
  var counts: [(name: String, value: Int)] {
    [
      ("images", images), ("drawn", images + rejected), ("rejected", rejected),
      ("originals", originals),
    ]
  }

  /// The classes, each an object.
  public var json: JSON {
    .list(
      classes.map { group in
        .object([
          ("class", group.name.map(JSON.text) ?? .null), ("originals", .integer(group.originals)),
          ("images", .integer(group.images)), ("drawn", .integer(group.images + group.rejected)),
          ("rejected", .integer(group.rejected)), ("transformed", .integer(group.transformed)),
          ("pseudo_labelled", .integer(group.pseudoLabelled)),
          ("median_distance", group.medianDistance.map(JSON.number) ?? .null),
          ("copy_distance", group.copyDistance.map(JSON.number) ?? .null),
          ("median_encoder_distance", group.medianEncoderDistance.map(JSON.number) ?? .null),
          ("encoder_copy_distance", group.encoderCopyDistance.map(JSON.number) ?? .null),
        ])
      })
  }
}

extension AugmentationSummary {
  /// What came of the portions of a run.
  ///
  /// - Parameters:
  ///   - plan: the classes.
  ///   - portions: each with its lines, class by class.
  init(
    _ plan: AugmentationPlan,
    _ portions: [(portion: AugmentationPortion, rows: [[AugmentationRow]])],
    allowsCopies: Bool, resumed: Int, originals: Int
  ) {
    func rows(_ place: Int, _ origins: ImageOrigin...) -> [AugmentationRow] {
      portions.filter { origins.contains($0.portion.maker.origin) }.flatMap { $0.rows[place] }
    }
    let check = portions.lazy.compactMap(\.portion.check).first
    self.init(
      classes: plan.classes.indices.map { place in
        let drawn = rows(place, .drawn, .redrawn)
        return Class(
          name: plan.classes[place].name, originals: plan.classes[place].originals,
          images: drawn.count, transformed: rows(place, .transformed).count,
          pseudoLabelled: rows(place, .pseudoLabelled).count,
          rejected: drawn.reduce(0) { $0 + $1.rejectedBefore },
          medianDistance: Self.median(drawn.compactMap(\.distance)),
          copyDistance: allowsCopies ? nil : check?.thresholds[place],
          medianEncoderDistance: Self.median(drawn.compactMap(\.encoderDistance)),
          encoderCopyDistance: allowsCopies ? nil : check?.encoderThresholds?[place])
      }, resumed: resumed, originals: originals,
      scoreKind: portions.lazy.compactMap(\.portion.maker.scoreKind).first)
  }

  /// The lower median, with as many digits as the manifest keeps for a run that is resumed; nil of no
  /// numbers.
  static func median(_ numbers: [Double]) -> Double? {
    guard !numbers.isEmpty else { return nil }
    let median = numbers.sorted()[(numbers.count - 1) / 2]
    return Double(FixedPoint.text(median, digits: AugmentationRow.digits))
  }
}
