public import Images
import Models
public import Tensors
public import Training

/// Measures how well a model fills holes that are cut into whole images.
public struct ImputationEvaluator {
  /// How it is measured.
  public struct Options: Sendable {
    /// Completions an image.
    public var samples = 10
    /// Images: the first of a seeded shuffle.
    public var images = 500
    /// Decides the shuffle, random masks and completions.
    public var seed: UInt64 = 0
    /// Completions that are made together.
    public var batchSize = 256
    /// The type of activations for scores.
    public var scorePrecision = ElementType.float32
    /// The type of activations for completions.
    public var completionPrecision = ElementType.fastest

    /// The defaults.
    public init() {}
  }

  private let file: ModelFile
  private let model: any Completing
  private let options: Options

  /// An evaluator of this model.
  ///
  /// - Throws: `ModelError` where the model cannot complete.
  public init(_ file: ModelFile, options: Options) throws {
    guard let model = file.model as? any Completing else {
      throw Zoo.lacking("complete", type(of: file.model))
    }
    self.file = file
    self.model = model
    self.options = options
  }

  /// Measures holes of every kind in the same images.
  ///
  /// - Parameters:
  ///   - folder: the images; where masks are files, those that have one.
  ///   - reporter: told of images that cannot be used, and of progress.
  /// - Throws: `TaskError` where no image can be used, `Interrupted` after a signal.
  public func evaluate(
    _ folder: ImageFolder, holes: [EvaluationHole], reporter: TaskReporter
  ) throws -> [ImputationReport] {
    precondition(!holes.isEmpty, "no holes to evaluate")
    let sample = try EvaluationSample(
      folder, holes: holes, of: file, count: options.images, seed: options.seed,
      reporter: reporter)
    var done = 0
    let total = sample.images.count * holes.count
    return try holes.map { hole in
      var measurements: [ImputationReport.Measurement] = []
      let step = max(1, options.batchSize / options.samples)
      for start in stride(from: 0, to: sample.images.count, by: step) {
        let images = sample.images[start..<min(sample.images.count, start + step)]
        var holed: [(image: EvaluationSample.Image, missing: [Bool])] = []
        for image in images {
          do {
            let missing = try sample.missing(hole, of: image)
            if missing.contains(true) { holed.append((image, missing)) }
          } catch {
            try reporter.skip("\(error)")
          }
        }
        measurements += measure(holed)
        done += images.count
        reporter.progress(.init(done: done, total: total))
        if Interruption.isRequested { throw Interrupted("interrupted before all was measured") }
      }
      guard !measurements.isEmpty else {
        throw TaskError("\(folder.root): no image has a hole to fill (\(hole.name))")
      }
      return ImputationReport(
        hole: hole.name, samples: options.samples, measurements: measurements)
    }
  }

  private func measure(
    _ holed: [(image: EvaluationSample.Image, missing: [Bool])]
  ) -> [ImputationReport.Measurement] {
    guard !holed.isEmpty else { return [] }
    let pass = Pass(options.scorePrecision)
    let scores = model.conditionalScores(
      holed.map { image, missing in
        ConditionalRequest(levels: image.levels, missing: missing, label: image.label)
      }, pass)
    let completions = model.completions(
      holed.flatMap { image, missing in
        (0..<options.samples).map { sample in
          CompletionRequest(
            levels: image.levels, missing: missing, label: image.label,
            random: RandomSource(
              seed: options.seed, purpose: .sampling,
              index: HoledImage.stream(image.entry.relativePath, sample: sample)))
        }
      }, temperature: 1, Pass(options.completionPrecision))
    return holed.enumerated().map { index, pair in
      let drawn = Array(completions[index * options.samples..<(index + 1) * options.samples])
      var likelihoods = drawn.map(\.logLikelihood)
      if drawn.contains(where: { $0.method != scores[index].method }) {
        // Numbers of unlike methods are not to be compared.
        likelihoods = model.conditionalScores(
          drawn.map {
            ConditionalRequest(levels: $0.levels, missing: pair.missing, label: pair.image.label)
          }, pass
        ).map(\.logLikelihood)
      }
      return ImputationReport.Measurement(
        truth: pair.image.levels, missing: pair.missing, score: scores[index],
        completions: drawn, logLikelihoods: likelihoods, shape: model.shape)
    }
  }
}

extension ImputationReport.Measurement {
  /// Compares completions with the truth.
  ///
  /// - Parameter logLikelihoods: of the completions, computed as the truth's.
  init(
    truth: [Float], missing: [Bool], score: ConditionalScore, completions: [Completion],
    logLikelihoods: [Double], shape: ImageShape
  ) {
    let scale = 1 / Double(shape.levels - 1)
    let whole = truth.map { Double($0) * scale }
    let filled = completions.map { $0.levels.map { Double($0) * scale } }
    let count = Double(filled.count)
    let average = whole.indices.map { place in
      missing[place / shape.channels]
        ? filled.reduce(0) { $0 + $1[place] } / count : whole[place]
    }
    let pixels = missing.count { $0 }
    func squaredError(_ values: [Double]) -> Double {
      let sum = zip(values, whole).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      return sum / Double(pixels * shape.channels)
    }
    let truthLikelihood = score.logLikelihood
    self.init(
      missingShare: Double(pixels) / Double(missing.count), nats: -truthLikelihood,
      natsPerPixel: -truthLikelihood / Double(pixels), squaredError: squaredError(average),
      bestSquaredError: filled.map(squaredError).min() ?? 0,
      similarity: StructuralSimilarity.of(
        average, whole, width: shape.width, height: shape.height, channels: shape.channels),
      rank: Double(logLikelihoods.count { $0 < truthLikelihood }) / count,
      isCovered: (logLikelihoods.min() ?? 0) <= truthLikelihood
        && truthLikelihood <= (logLikelihoods.max() ?? 0),
      isExact: (score.isExact, completions.allSatisfy(\.isExact)),
      methods: (score.method, Set(completions.map(\.method)).sorted().joined(separator: "+")))
  }
}
