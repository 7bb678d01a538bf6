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
    /// The model's filling options, by name; each way is measured on the same holes.
    public var ways: [FillingWay] = [FillingWay("auto", [:])]
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

  /// A way to fill holes, and what reports call it.
  public struct FillingWay: Sendable, Equatable {
    /// Such as `ordered`.
    public let name: String
    /// The model's filling options, by name.
    public let options: [String: String]

    /// A way of this name.
    public init(_ name: String, _ options: [String: String]) {
      self.name = name
      self.options = options
    }
  }

  let file: ModelFile
  private let completers: [(way: FillingWay, completer: Completer)]
  let options: Options
  private let context: Context

  /// An evaluator of this model.
  ///
  /// - Throws: `ModelError` where the model cannot complete, or lacks a filling option.
  public init(_ file: ModelFile, options: Options, context: Context) throws {
    precondition(!options.ways.isEmpty, "no way of filling to evaluate")
    completers = try options.ways.map { ($0, try Completer(file.model, options: $0.options)) }
    self.file = file
    self.options = options
    self.context = context
  }

  /// Measures holes of every kind in the same images, in every way.
  ///
  /// - Parameters:
  ///   - folder: the images; where masks are files, those that have one.
  ///   - reporter: told of images that cannot be used, and of progress.
  /// - Throws: `TaskError` where no image can be used, `Interrupted` after a signal.
  public func evaluate(
    _ folder: ImageFolder, holes: [EvaluationHole], reporter: TaskReporter
  ) throws -> [ImputationReport] {
    let sample = try EvaluationSample(
      folder, holes: holes, of: file, count: options.images, seed: options.seed,
      reporter: reporter)
    let measured = try measure(sample, holes, reporter: reporter)
    return try zip(series(holes), measured).map { series, measured in
      try ImputationReport(series, measured.measurements, root: folder.root)
    }
  }

  /// What is measured one after the other: each kind of holes, in every way.
  func series(_ holes: [EvaluationHole]) -> [ImputationSeries] {
    holes.flatMap { hole in
      completers.map {
        ImputationSeries(hole: hole.name, method: $0.way.name, samples: options.samples)
      }
    }
  }

  /// Measures every image of a sample in each series.
  ///
  /// - Parameters:
  ///   - done: how far each series is, and what was measured of it; none before the first image.
  ///   - note: given what was measured of a batch, the place of the series, and how far that is then.
  func measure(
    _ sample: EvaluationSample, _ holes: [EvaluationHole],
    done: [Int: ImputationSeries.Measured] = [:],
    note: (_ series: Int, _ end: Int, [ImputationReport.Measurement]) throws -> Void = { _, _, _ in
    },
    reporter: TaskReporter
  ) throws -> [ImputationSeries.Measured] {
    precondition(!holes.isEmpty, "no holes to evaluate")
    let total = sample.images.count * holes.count * completers.count
    let step = max(1, options.batchSize / options.samples)
    return try (0..<holes.count * completers.count).map { series in
      let (hole, way) = (holes[series / completers.count], series % completers.count)
      var measured = done[series] ?? ImputationSeries.Measured()
      // Masks are the same for every method: once is enough.
      var tally = way == 0 ? sample.tally(hole) : nil
      for start in stride(from: measured.end, to: sample.images.count, by: step) {
        let images = sample.images[start..<min(sample.images.count, start + step)]
        let next = measure(
          try holed(images, hole, sample, &tally, reporter, reports: way == 0),
          completers[way].completer)
        measured.measurements += next
        measured.end += images.count
        try note(series, measured.end, next)
        reporter.progress(
          .init(done: series * sample.images.count + measured.end, total: total))
        try context.stopIfAsked("interrupted before all was measured")
      }
      tally?.report(to: reporter)
      return measured
    }
  }

  /// Images with their holes, those without a missing pixel left out.
  ///
  /// - Parameter reports: whether masks that cannot be used are reported: once is enough.
  private func holed(
    _ images: ArraySlice<EvaluationSample.Image>, _ hole: EvaluationHole,
    _ sample: EvaluationSample, _ tally: inout MaskTally?, _ reporter: TaskReporter, reports: Bool
  ) throws -> [(image: EvaluationSample.Image, missing: [Bool])] {
    var holed: [(image: EvaluationSample.Image, missing: [Bool])] = []
    for image in images {
      do {
        let missing = try sample.missing(hole, of: image, &tally, reporter)
        if missing.contains(true) { holed.append((image, missing)) }
      } catch {
        if reports { try reporter.skip(because: error) }
      }
    }
    return holed
  }

  private func measure(
    _ holed: [(image: EvaluationSample.Image, missing: [Bool])], _ completer: Completer
  ) -> [ImputationReport.Measurement] {
    guard !holed.isEmpty else { return [] }
    let count = options.samples
    func random(_ image: EvaluationSample.Image, _ sample: Int) -> RandomSource {
      PictureIdentity(image.entry.relativePath).random(sample: sample, seed: options.seed)
    }
    // All completions of an image may come from the same particles: that costs a tenth.
    let common = holed.map { random($0.image, 0).with(purpose: .particles) }
    let completions = completer.completions(
      zip(holed, common).flatMap { pair, common in
        (0..<count).map { sample in
          CompletionRequest(
            levels: pair.image.levels, missing: pair.missing, label: pair.image.label,
            random: random(pair.image, sample), common: common)
        }
      }, Pass(options.completionPrecision))
    let means = completer.means(
      zip(holed, common).map { pair, common in
        CompletionRequest(
          levels: pair.image.levels, missing: pair.missing, label: pair.image.label, random: common)
      }, Pass(options.completionPrecision))
    func request(_ index: Int, _ levels: [Float]) -> ConditionalRequest {
      ConditionalRequest(
        levels: levels, missing: holed[index].missing, label: holed[index].image.label,
        common: common[index])
    }
    let pass = Pass(options.scorePrecision)
    let outlooks = holed.map { completer.outlook($0.missing) }
    // Numbers that rest on estimates are compared where they rest on the same estimate, and numbers of unlike methods not at
    // all: what was drawn so is scored with the truth.
    let scored = holed.indices.map { index in
      let drawn = completions[index * count..<(index + 1) * count]
      let outlook = outlooks[index]
      let isScored = outlook.isScoreEstimated || outlook.method != outlook.scoreMethod
      return [request(index, holed[index].image.levels)]
        + (isScored ? drawn.map { request(index, $0.levels) } : [])
    }
    var scores = completer.conditionalScores(scored.flatMap { $0 }, pass)[...]
    return holed.indices.map { index in
      let drawn = Array(completions[index * count..<(index + 1) * count])
      let own = Array(scores.prefix(scored[index].count))
      scores = scores.dropFirst(own.count)
      return ImputationReport.Measurement(
        truth: holed[index].image.levels, missing: holed[index].missing, score: own[0],
        outlook: outlooks[index], completions: drawn, mean: means?[index],
        logLikelihoods: own.count > 1 ? Array(own.dropFirst()) : drawn.map(\.logLikelihood),
        shape: file.model.shape)
    }
  }
}

extension ImputationReport.Measurement {
  /// Compares completions with the truth.
  ///
  /// - Parameters:
  ///   - mean: the mean of all completions where the model knows it; nil: their average stands for it.
  ///   - logLikelihoods: of the completions, computed as the truth's.
  init(
    truth: [Float], missing: [Bool], score truthLikelihood: Double, outlook: FillingOutlook,
    completions: [Completion], mean: [Float]?, logLikelihoods: [Double], shape: ImageShape
  ) {
    let scale = 1 / Double(shape.levels - 1)
    let whole = truth.map { Double($0) * scale }
    let filled = completions.map { $0.levels.map { Double($0) * scale } }
    let count = Double(filled.count)
    let average = whole.indices.map { place in
      guard missing[place / shape.channels] else { return whole[place] }
      return mean.map { Double($0[place]) * scale }
        ?? filled.reduce(0) { $0 + $1[place] } / count
    }
    let pixels = missing.count { $0 }
    func squaredError(_ values: [Double]) -> Double {
      let sum = zip(values, whole).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      return sum / Double(pixels * shape.channels)
    }
    self.init(
      missingShare: Double(pixels) / Double(missing.count), nats: -truthLikelihood,
      natsPerPixel: -truthLikelihood / Double(pixels), squaredError: squaredError(average),
      bestSquaredError: filled.map(squaredError).min() ?? 0,
      similarity: StructuralSimilarity.of(
        average, whole, width: shape.width, height: shape.height, channels: shape.channels),
      rank: Double(logLikelihoods.count { $0 < truthLikelihood }) / count,
      isCovered: (logLikelihoods.min() ?? 0) <= truthLikelihood
        && truthLikelihood <= (logLikelihoods.max() ?? 0),
      isExact: (outlook.isScoreExact, outlook.isExact),
      methods: (outlook.scoreMethod, outlook.method))
  }
}
