public import Images
public import Models
import Tensors
public import Training

/// Fills holes of images in memory: those of the model's size at once, larger ones window by window, the next
/// windows of all of them together.
public struct HoleFiller: Sendable {
  /// How holes are filled.
  public struct Options: Sendable {
    /// Completions an image.
    public var samples = 1
    /// Below 1 likely pixels are preferred, above 1 unlikely ones; 1 draws from the model.
    public var temperature: Float = 1
    /// The model's filling options, by name.
    public var filling: [String: String] = [:]
    /// Decides the random numbers, together with each picture's identity.
    public var seed: UInt64 = 0
    /// Whether the mean of all answers is wanted too.
    public var givesMeans = false

    /// The defaults.
    public init() {}
  }

  /// One completion of one picture.
  public struct Answer: Sendable {
    /// The filled image: every known sample as it was.
    public let image: Image
    /// Levels of the whole image, as the model drew them.
    public let levels: [Float]
    /// log p(drawn pixels | known pixels) in nats, as the method sees it.
    public let logLikelihood: Double
    /// Whether the pixels were drawn from the model's own conditional distribution, all known pixels heeded.
    public let isExact: Bool
    /// How they were drawn.
    public let method: String
    /// How many independent draws the particles behind it are worth; nil where there are none.
    public let effectiveSampleSize: Double?
  }

  /// A completion that was drawn by a short cut, kept for what that costs.
  public struct ShortCut: Sendable {
    let request: CompletionRequest
    let drawn: [Float]
  }

  /// What came of some pictures.
  public struct Outcome: Sendable {
    /// The completions of each picture.
    public let answers: [[Answer]]
    /// The mean of all answers to each picture, where it was wanted: the model's own where it knows it, the temperature is 1 and
    /// the picture is of its size, else the average of the answers; nil where it was not.
    public let means: [Image?]
    /// Completions of the model's size that were drawn by a short cut at temperature 1.
    public let shortCuts: [ShortCut]
  }

  /// The choices.
  public let options: Options
  /// What the model's images have in common.
  public let shape: ImageShape
  private let completer: Completer
  private let context: Context

  /// A filler with this model.
  ///
  /// - Throws: `EngineError.cannot` where the model cannot complete or lacks a filling option.
  public init(
    _ model: any GenerativeModel, _ options: Options, _ context: Context
  ) throws(EngineError) {
    do {
      completer = try Completer(model, options: options.filling)
    } catch {
      throw .cannot(error.description)
    }
    shape = model.shape
    self.options = options
    self.context = context
  }

  /// Images that the model draws to fill a hole once.
  public func imagesDrawn(for mask: Mask) -> Int {
    isOfModelSize(mask)
      ? completer.outlook(mask.missing).imagesDrawn : completer.mostImagesDrawn
  }

  private func isOfModelSize(_ mask: Mask) -> Bool {
    mask.width == shape.width && mask.height == shape.height
  }

  /// Makes sure that an image can be completed: at once where it is of the model's size, through windows of that size
  /// where it is larger.
  public func check(_ image: Image) throws(EngineError) {
    guard image.width >= shape.width, image.height >= shape.height else {
      throw .badInput(
        "is \(image.width)x\(image.height), smaller than the \(shape.width)x"
          + "\(shape.height) of the model; enlarge the image, or train a model of its size")
    }
    try MemoryDemand.check(
      image.width * image.height * shape.channels * 8 * options.samples,
      "\(options.samples) completions of \(image.width)x\(image.height) pixels",
      remedy: "ask for fewer")
  }

  /// Fills pictures, each of which misses some pixels and has passed `check`.
  ///
  /// The answers of a picture depend on it and its identity alone, whatever the others are.
  ///
  /// - Throws: `EngineError.interrupted` where a stop is asked for and windows are left to fill, `EngineError.cannot` where
  ///   the model's numbers are not finite.
  public func fill(_ pictures: [HoledPicture]) throws(EngineError) -> Outcome {
    var canvases = pictures.map {
      HoleCanvas($0, shape, samples: options.samples, seed: options.seed)
    }
    let means = try ownMeans(canvases)
    var shortCuts: [ShortCut] = []
    while canvases.contains(where: { !$0.isDone }) {
      shortCuts += try fillWindows(of: &canvases)
      if context.isStopRequested, canvases.contains(where: { !$0.isDone }) {
        throw .interrupted("interrupted between two windows; --resume fills these images anew")
      }
    }
    let answers = zip(pictures, canvases).map { self.answers($0, $1) }
    return Outcome(
      answers: answers,
      means: pictures.indices.map { mean(pictures[$0], answers[$0], own: means[$0]) },
      shortCuts: shortCuts)
  }

  /// Fills the next window of each picture; those that are done have none.
  ///
  /// - Returns: what was drawn by short cuts.
  func fillWindows(of canvases: inout [HoleCanvas]) throws(EngineError) -> [ShortCut] {
    let requests = canvases.map { $0.requests() }
    let outlooks = requests.map { own in own.first.map { outlook($0) } }
    let count = zip(requests, outlooks).reduce(0) { $0 + $1.0.count * ($1.1?.imagesDrawn ?? 0) }
    var next = try draw(requests.flatMap { $0 }, images: count)[...]
    var shortCuts: [ShortCut] = []
    for (index, own) in requests.enumerated() {
      guard let outlook = outlooks[index] else { continue }
      let completions = Array(next.prefix(own.count))
      next = next.dropFirst(own.count)
      if canvases[index].isOfModelSize, outlook.isShortCut, options.temperature == 1 {
        shortCuts += zip(own, completions).map { ShortCut(request: $0, drawn: $1.levels) }
      }
      canvases[index].take(completions, outlook)
    }
    return shortCuts
  }

  /// What came of a picture that is done.
  func answers(_ picture: HoledPicture, _ canvas: HoleCanvas) -> [Answer] {
    canvas.completions.map { completion, isExact, method in
      Answer(
        image: picture.filled(with: completion.levels, shape: shape), levels: completion.levels,
        logLikelihood: completion.logLikelihood,
        isExact: isExact && options.temperature == 1, method: method,
        effectiveSampleSize: completion.effectiveSampleSize)
    }
  }

  /// The mean of all answers to a picture, where it is wanted.
  func mean(_ picture: HoledPicture, _ answers: [Answer], own: [Float]?) -> Image? {
    guard options.givesMeans else { return nil }
    return own.map { picture.filled(withMean: $0, shape: shape) }
      ?? picture.averaged(answers.map(\.image))
  }

  /// The model's own means of pictures of its size; nil for others, and where it has none.
  func ownMeans(_ canvases: [HoleCanvas]) throws(EngineError) -> [[Float]?] {
    var means = [[Float]?](repeating: nil, count: canvases.count)
    guard options.givesMeans, options.temperature == 1 else { return means }
    let places = canvases.indices.filter { canvases[$0].isOfModelSize }
    let requests = places.compactMap { canvases[$0].requests().first }
    let own = context.run { completer.means(requests, Pass(context.precision)) } ?? []
    guard own.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw .notFinite("means of completions", completer.model)
    }
    for (place, mean) in zip(places, own) { means[place] = mean }
    return means
  }

  /// How a request's hole is filled.
  func outlook(_ request: CompletionRequest) -> FillingOutlook {
    completer.outlook(request.missing)
  }

  /// Images drawn at once at most: what they take is bounded, and a stop is heeded soon.
  private static let mostDrawnAtOnce = 256 * Tiles.size

  /// Fills holes, some at a time; an answer depends on its own request, so that nobody sees where it was cut.
  ///
  /// - Parameter images: images that are drawn for all of them together.
  ///
  /// - Throws: `EngineError.interrupted` where a stop is asked for, `EngineError.cannot` where numbers are not finite.
  func draw(
    _ requests: [CompletionRequest], images: Int
  ) throws(EngineError) -> [Completion] {
    let size = max(1, Self.mostDrawnAtOnce * requests.count / max(1, images))
    // One thread draws a tile; others would only wait for it, and wake up late on a busy machine.
    let least = completer.model.smallestTile
    let context = images <= least ? context.limited(toThreads: 1) : context
    var drawn: [Completion] = []
    for start in stride(from: 0, to: requests.count, by: size) {
      if start > 0, context.isStopRequested {
        throw .interrupted("interrupted between samples; --resume fills these images anew")
      }
      drawn += context.run {
        completer.completions(
          Array(requests[start..<min(requests.count, start + size)]),
          temperature: options.temperature, Pass(context.precision))
      }
    }
    guard drawn.allSatisfy(\.isFinite) else {
      throw .notFinite("completions or likelihoods", completer.model)
    }
    return drawn
  }

  /// What short cuts cost, in nats an image: how much less likely the model finds what was drawn than those who drew it
  /// did; nil where the model takes none.
  public func cost(of shortCuts: [ShortCut]) -> MeanEstimate? {
    guard !shortCuts.isEmpty else { return nil }
    return context.run {
      completer.shortCutCosts(
        shortCuts.map(\.request), drawn: shortCuts.map(\.drawn), Pass(context.precision))
    }.map { MeanEstimate(of: $0) }
  }
}
