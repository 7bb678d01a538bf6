import Platform

/// How well a model fills holes of one kind.
public struct ImputationReport: Sendable, Equatable {
  /// What was measured of one image.
  struct Measurement: Sendable, Equatable {
    /// Share of the pixels that are missing.
    var missingShare: Double
    /// -log p(true missing pixels | known pixels).
    var nats: Double
    /// The same, spread over the missing pixels.
    var natsPerPixel: Double
    /// Mean squared error of the mean completion over the missing values, values in 0...1.
    var squaredError: Double
    /// The same of the completion nearest to the truth.
    var bestSquaredError: Double
    /// Structural similarity of the mean completion, of the whole image.
    var similarity: Double
    /// The share of the completions that the model finds less likely than the truth.
    var rank: Double
    /// Whether the truth is neither likelier than all completions nor less likely than all.
    var isCovered: Bool
    /// Whether the score, and all completions, are the model's own.
    var isExact: (score: Bool, completions: Bool)
    /// How the truth was scored, and how the completions were drawn.
    var methods: (score: String, completions: String)

    static func == (left: Measurement, right: Measurement) -> Bool {
      left.nats == right.nats && left.squaredError == right.squaredError
        && left.similarity == right.similarity && left.rank == right.rank
    }
  }

  /// The kind of holes.
  public let hole: String
  /// The way of filling that was asked for.
  public let method: String
  /// Completions an image.
  public let samples: Int
  let measurements: [Measurement]

  init(
    hole: String, method: String, samples: Int, measurements: [Measurement]
  ) {
    precondition(!measurements.isEmpty, "a report of no image")
    self.hole = hole
    self.method = method
    self.samples = samples
    self.measurements = measurements
  }

  /// Images measured.
  public var imageCount: Int { measurements.count }
  /// The mean share of pixels that are missing.
  public var missingShare: Double { mean(\.missingShare).value }
  /// Mean of -log p(true missing pixels | known pixels) an image.
  public var nats: MeanEstimate { mean(\.nats) }
  /// The same, a missing pixel.
  public var natsPerPixel: MeanEstimate { mean(\.natsPerPixel) }
  /// Mean squared error of the mean completion over the missing values, values in 0...1.
  public var squaredError: MeanEstimate { mean(\.squaredError) }
  /// Mean squared error of the completion nearest to the truth.
  public var bestSquaredError: MeanEstimate { mean(\.bestSquaredError) }
  /// Structural similarity of the mean completion, of whole images.
  public var similarity: MeanEstimate { mean(\.similarity) }

  /// Peak signal-to-noise ratio of the mean completion over the missing values, in decibels: that of the mean squared
  /// error over all images, which a single perfect image does not make infinite.
  public var peakSignalToNoise: MeanEstimate {
    let error = squaredError
    let decibels = 10 / log(10.0)
    return MeanEstimate(
      value: -decibels * log(error.value),
      standardError: error.standardError.map { decibels * $0 / error.value })
  }

  /// Share of images whose truth is neither likelier than all their completions nor less likely than all; nil for a
  /// single completion.
  public var coverage: MeanEstimate? {
    samples > 1 ? MeanEstimate(of: measurements.map { $0.isCovered ? 1 : 0 }) : nil
  }

  /// The coverage of a model that is right: the truth then is one more completion.
  public var expectedCoverage: Double { Double(samples - 1) / Double(samples + 1) }

  /// Share of images whose truth lies in the central 90 % interval of its completions by likelihood; nil for a single
  /// completion.
  ///
  /// Of a model that is right the truth is one more completion, and takes each of the K + 1 ranks among them as often: the outermost
  /// ranks count in parts, so that 90 % are expected of every K.
  public var intervalCoverage: MeanEstimate? {
    guard samples > 1 else { return nil }
    return MeanEstimate(
      of: measurements.map { measurement in
        Self.share(ofRank: measurement.rank * Double(samples), among: samples)
      })
  }

  /// The share of a truth's rank that lies between a twentieth and nineteen twentieths of all K + 1.
  package static func share(ofRank rank: Double, among samples: Int) -> Double {
    let ranks = Double(samples + 1)
    let (lowest, highest) = (0.05 * ranks, 0.95 * ranks)
    return max(0, min(rank + 1, highest) - max(rank, lowest))
  }

  /// Images whose score is the model's own conditional probability.
  public var exactScoreCount: Int { measurements.count { $0.isExact.score } }
  /// Images whose completions were drawn from the model's own conditional distribution.
  public var exactCompletionCount: Int { measurements.count { $0.isExact.completions } }
  /// How truths were scored.
  public var scoreMethods: [String] { Set(measurements.map(\.methods.score)).sorted() }
  /// How completions were drawn.
  public var completionMethods: [String] { Set(measurements.map(\.methods.completions)).sorted() }

  private func mean(_ value: (Measurement) -> Double) -> MeanEstimate {
    MeanEstimate(of: measurements.map(value))
  }
}
