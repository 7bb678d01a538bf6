/// What is measured of the images of a sample in a row: one kind of holes, filled in one way.
struct ImputationSeries: Sendable, Equatable {
  /// How far it is.
  struct Measured: Sendable, Equatable {
    /// Images of the sample behind, those without a hole among them.
    var end = 0
    /// What was measured of the others.
    var measurements: [ImputationReport.Measurement] = []
  }

  /// The kind of holes.
  let hole: String
  /// The way of filling that was asked for.
  let method: String
  /// Completions an image.
  let samples: Int
}

extension ImputationReport {
  /// What a series says.
  ///
  /// - Parameter root: the directory of images, for the message.
  /// - Throws: `TaskError` where no image has such a hole.
  init(_ series: ImputationSeries, _ measurements: [Measurement], root: String) throws {
    guard !measurements.isEmpty else {
      throw TaskError("\(root): no image has a hole to fill (\(series.hole))")
    }
    self.init(
      hole: series.hole, method: series.method, samples: series.samples,
      measurements: measurements)
  }
}

extension ImputationReport.Measurement {
  /// The numbers as a journal keeps them.
  var fields: [String] {
    [
      missingShare, nats, natsPerPixel, squaredError, bestSquaredError, similarity, rank,
    ].map { "\($0)" } + [isCovered, isExact.score, isExact.completions].map { "\($0)" }
      + [methods.score, methods.completions]
  }

  /// Reads numbers; nil where they are none.
  init?(_ fields: [String]) {
    let numbers = fields.prefix(7).compactMap { Double($0) }
    let answers = fields.dropFirst(7).prefix(3).compactMap { Bool($0) }
    guard fields.count == 12, numbers.count == 7, answers.count == 3 else { return nil }
    self.init(
      missingShare: numbers[0], nats: numbers[1], natsPerPixel: numbers[2],
      squaredError: numbers[3], bestSquaredError: numbers[4], similarity: numbers[5],
      rank: numbers[6], isCovered: answers[0], isExact: (answers[1], answers[2]),
      methods: (fields[10], fields[11]))
  }
}
