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
    /// New images, those of earlier runs included.
    public let images: Int
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
  /// New images in all.
  public var images: Int { classes.reduce(0) { $0 + $1.images } }

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
          ("rejected", .integer(group.rejected)),
          ("median_distance", group.medianDistance.map(JSON.number) ?? .null),
          ("copy_distance", group.copyDistance.map(JSON.number) ?? .null),
          ("median_encoder_distance", group.medianEncoderDistance.map(JSON.number) ?? .null),
          ("encoder_copy_distance", group.encoderCopyDistance.map(JSON.number) ?? .null),
        ])
      })
  }
}
