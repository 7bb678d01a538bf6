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
    /// How pixels are drawn and scored; each method is measured on the same holes.
    public var methods = [ImputationMethod.auto]
    /// Particles an image, where a hole is filled by particles.
    public var particles = ImputationMethod.usualParticles
    /// Decides the shuffle, random masks, particles and completions.
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
    precondition(!options.methods.isEmpty, "no method to evaluate")
    for method in options.methods { try method.check(model) }
    self.file = file
    self.model = model
    self.options = options
  }

  /// Measures holes of every kind in the same images, by every method.
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
    let total = sample.images.count * holes.count * options.methods.count
    return try holes.flatMap { hole in
      try options.methods.map { method in
        var measurements: [ImputationReport.Measurement] = []
        let step = max(1, options.batchSize / options.samples)
        for start in stride(from: 0, to: sample.images.count, by: step) {
          let images = sample.images[start..<min(sample.images.count, start + step)]
          measurements += measure(
            try holed(images, hole, sample, reporter, reports: method == options.methods[0]),
            method)
          done += images.count
          reporter.progress(.init(done: done, total: total))
          if Interruption.isRequested { throw Interrupted("interrupted before all was measured") }
        }
        guard !measurements.isEmpty else {
          throw TaskError("\(folder.root): no image has a hole to fill (\(hole.name))")
        }
        return ImputationReport(
          hole: hole.name, method: method, samples: options.samples, measurements: measurements)
      }
    }
  }

  /// Images with their holes, those without a missing pixel left out.
  ///
  /// - Parameter reports: whether masks that cannot be used are reported: once is enough.
  private func holed(
    _ images: ArraySlice<EvaluationSample.Image>, _ hole: EvaluationHole,
    _ sample: EvaluationSample, _ reporter: TaskReporter, reports: Bool
  ) throws -> [(image: EvaluationSample.Image, missing: [Bool])] {
    var holed: [(image: EvaluationSample.Image, missing: [Bool])] = []
    for image in images {
      do {
        let missing = try sample.missing(hole, of: image)
        if missing.contains(true) { holed.append((image, missing)) }
      } catch {
        if reports { try reporter.skip("\(error)") }
      }
    }
    return holed
  }

  private func measure(
    _ holed: [(image: EvaluationSample.Image, missing: [Bool])], _ method: ImputationMethod
  ) -> [ImputationReport.Measurement] {
    guard !holed.isEmpty else { return [] }
    let count = options.samples
    func random(_ image: EvaluationSample.Image, _ sample: Int) -> RandomSource {
      HoledImage.random(image.entry.relativePath, sample: sample, seed: options.seed)
    }
    let fillings = holed.map { image, _ in
      method.filling(particles: options.particles, random: random(image, 0))
    }
    let completions = model.completions(
      zip(holed, fillings).flatMap { pair, filling in
        (0..<count).map { sample in
          CompletionRequest(
            levels: pair.image.levels, missing: pair.missing, label: pair.image.label,
            random: random(pair.image, sample), filling: filling)
        }
      }, temperature: 1, Pass(options.completionPrecision))
    func request(_ index: Int, _ levels: [Float]) -> ConditionalRequest {
      ConditionalRequest(
        levels: levels, missing: holed[index].missing, label: holed[index].image.label,
        filling: fillings[index])
    }
    let pass = Pass(options.scorePrecision)
    // Numbers that rest on estimates are compared where they rest on the same estimate: what particles have drawn is
    // scored with the truth.
    let scored = holed.indices.map { index in
      let drawn = completions[index * count..<(index + 1) * count]
      let isEstimated = drawn.contains { $0.effectiveSampleSize != nil }
      return [request(index, holed[index].image.levels)]
        + (isEstimated ? drawn.map { request(index, $0.levels) } : [])
    }
    var scores = model.conditionalScores(scored.flatMap { $0 }, pass)[...]
    return holed.indices.map { index in
      let drawn = Array(completions[index * count..<(index + 1) * count])
      let own = Array(scores.prefix(scored[index].count))
      scores = scores.dropFirst(own.count)
      var likelihoods = own.count > 1 ? own.dropFirst().map(\.logLikelihood) : []
      if likelihoods.isEmpty {
        likelihoods = drawn.map(\.logLikelihood)
        if drawn.contains(where: { $0.method != own[0].method }) {
          // Numbers of unlike methods are not to be compared.
          likelihoods = model.conditionalScores(
            drawn.map { request(index, $0.levels) }, pass
          ).map(\.logLikelihood)
        }
      }
      return ImputationReport.Measurement(
        truth: holed[index].image.levels, missing: holed[index].missing, score: own[0],
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
