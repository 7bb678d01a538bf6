import Files

/// One line of `completions.csv`: one completion of one image.
public struct CompletionRow: Sendable, Equatable {
  /// The columns.
  public static let header = [
    "image", "output", "sample", "missing_pixels", "log_likelihood_nats", "exactness", "method",
    "effective_sample_size",
  ]

  /// The image's path, relative to the directory of images.
  public let image: String
  /// The output's path, relative to the output directory.
  public let output: String
  /// 1 for the first completion of an image.
  public let sample: Int
  /// The number of pixels that were filled.
  public let missingPixels: Int
  /// log p(drawn pixels | known pixels) in nats, as the method sees it.
  public let logLikelihood: Double
  /// Whether the pixels were drawn from the model's own conditional distribution.
  public let isExact: Bool
  /// How they were drawn.
  public let method: String
  /// How many independent draws the particles behind it are worth; nil where there are none.
  public var effectiveSampleSize: Double?

  /// The values of the columns; six digits after the point for log-likelihoods, two for sample sizes.
  var fields: [String] {
    [
      image, output, "\(sample)", "\(missingPixels)", FixedPoint.text(logLikelihood, digits: 6),
      isExact ? "exact" : "approximate", method,
      effectiveSampleSize.map { FixedPoint.text($0, digits: 2) } ?? "",
    ]
  }
}

/// What a run of `Imputer` has done so far.
typealias CompletionJournal = RunJournal<CompletionRow>

extension CompletionRow: JournalRow {
  static var resultsName: String { "completions.csv" }
  var subject: String { image }
  var companions: [String] {
    let stem = FileSystem.withoutExtension(image)
    return ["\(stem).mean.png", "\(stem).mean.jpg", "\(stem).uncertainty.png"]
  }

  /// Reads a line; nil where it is no line of a completion.
  init?(_ fields: [String]) {
    guard fields.count == Self.header.count, let sample = Int(fields[2]),
      let missing = Int(fields[3]), let logLikelihood = Double(fields[4]),
      ["exact", "approximate"].contains(fields[5])
    else { return nil }
    self.init(
      image: fields[0], output: fields[1], sample: sample, missingPixels: missing,
      logLikelihood: logLikelihood, isExact: fields[5] == "exact", method: fields[6],
      effectiveSampleSize: Double(fields[7]))
  }
}
