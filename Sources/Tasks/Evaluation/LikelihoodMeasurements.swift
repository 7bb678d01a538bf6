import Models

/// What a likelihood report is made from: numbers of single images, so that those of several shards can be put in a row.
struct LikelihoodMeasurements: Sendable, Equatable {
  /// What was measured of one image.
  struct Image: Sendable, Equatable {
    /// log p(image), in nats.
    let logLikelihood: Double
    /// The evidence lower bound, where the other number is an importance estimate.
    let bound: Double?
    /// The class of the model that was taken into account.
    let label: Int?
  }

  /// The images, in path order.
  var images: [Image]
  /// What the numbers are.
  let kind: ScoreKind
  /// Values an image.
  let dimensions: Int
  /// The normalising constants of the images' classes, where these are estimated.
  var normalizers: [AnnealingReport.Normalizer]
}

extension LikelihoodMeasurements.Image {
  /// The numbers as a journal keeps them.
  var fields: [String] {
    ["\(logLikelihood)", bound.map { "\($0)" } ?? "", label.map { "\($0)" } ?? ""]
  }

  /// Reads numbers; nil where they are none.
  init?(_ fields: [String]) {
    guard fields.count == 3, let logLikelihood = Double(fields[0]) else { return nil }
    self.init(
      logLikelihood: logLikelihood, bound: Double(fields[1]), label: Int(fields[2]))
  }
}
