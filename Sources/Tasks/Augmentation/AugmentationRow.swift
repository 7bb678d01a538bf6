import Files

/// One line of `manifest.csv`: one drawn image.
public struct AugmentationRow: Sendable, Equatable {
  /// The columns.
  public static let header = [
    "file", "label", "seed", "log_likelihood_nats", "nearest_original", "distance",
    "rejected_before", "label_probability", "encoder_distance", "drawn_around", "towards",
    "origin",
  ]

  /// Digits after the point.
  static let digits = 6

  /// The image's path, relative to the output directory.
  public let file: String
  /// The name of its class; empty where there is none.
  public let label: String
  /// The seed of the run.
  public let seed: UInt64
  /// log p(image | class) in nats as the model scores it; nil where it has no likelihood.
  public let logLikelihood: Double?
  /// The path of the nearest original, relative to its directory; empty where none was looked for.
  public let nearestOriginal: String
  /// The root mean square of the differences to it, pixels being 0...1.
  public let distance: Double?
  /// Samples that were drawn for this place before, and rejected.
  public let rejectedBefore: Int
  /// p(label | image), where labels are checked.
  public let labelProbability: Double?
  /// The root mean square of the differences of the model's features to those of the nearest original by them;
  /// nil where the model does not encode.
  public let encoderDistance: Double?
  /// The path of the image that it was made from; empty where it was drawn from the prior.
  public let drawnAround: String
  /// The path of the original towards which it was drawn; empty where it is not between two.
  public let towards: String
  /// How it came about.
  public let origin: ImageOrigin

  /// The values of the columns.
  var fields: [String] {
    [
      file, label, "\(seed)", logLikelihood.map { FixedPoint.text($0, digits: Self.digits) } ?? "",
      nearestOriginal, distance.map { FixedPoint.text($0, digits: Self.digits) } ?? "",
      "\(rejectedBefore)",
      labelProbability.map { FixedPoint.text($0, digits: Self.digits) } ?? "",
      encoderDistance.map { FixedPoint.text($0, digits: Self.digits) } ?? "", drawnAround, towards,
      origin.rawValue,
    ]
  }
}

extension AugmentationRow: JournalRow {
  static var resultsName: String { "manifest.csv" }
  var subject: String { file }
  var output: String { file }

  /// Reads a line; nil where it is no line of a drawn image.
  init?(_ fields: [String]) {
    guard fields.count == Self.header.count, let seed = UInt64(fields[2]),
      let rejected = Int(fields[6]), let origin = ImageOrigin(rawValue: fields[11])
    else { return nil }
    self.init(
      file: fields[0], label: fields[1], seed: seed, logLikelihood: Double(fields[3]),
      nearestOriginal: fields[4], distance: Double(fields[5]), rejectedBefore: rejected,
      labelProbability: Double(fields[7]), encoderDistance: Double(fields[8]),
      drawnAround: fields[9], towards: fields[10],
      origin: origin)
  }
}
