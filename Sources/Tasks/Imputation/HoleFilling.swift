import Images
import Models
import Platform
import Tensors
import Training

/// Fills the holes of several images together: those of the model's size at once, larger ones window by window, the next
/// windows of all of them together.
struct HoleFilling {
  let model: any Completing
  let options: ImputationOptions
  /// What was drawn with fewer passes than missing pixels, for what that costs: at most a tile of images of the
  /// model's size.
  private(set) var stepped: [(request: CompletionRequest, completion: Completion)] = []

  init(_ model: any Completing, _ options: ImputationOptions) {
    self.model = model
    self.options = options
  }

  /// The completions of each image; levels are those of whole images.
  ///
  /// - Throws: `Interrupted` after a signal, where windows are left to fill.
  mutating func completions(
    _ images: [(item: ImputationPlan.Item, image: HoledImage)]
  ) throws -> [[Completion]] {
    var canvases = images.map { item, image in
      HoleCanvas(image, item, model.shape, options)
    }
    while true {
      // Each image's next requests; images that are done have none.
      let requests = canvases.map { $0.requests(options) }
      let all = requests.flatMap { $0 }
      guard !all.isEmpty else { return canvases.map(\.completions) }
      let answers = model.completions(
        all, temperature: options.temperature, Pass(options.precision))
      var next = answers[...]
      for (index, own) in requests.enumerated() where !own.isEmpty {
        let drawn = Array(next.prefix(own.count))
        next = next.dropFirst(own.count)
        if canvases[index].isOfModelSize { remember(own, drawn) }
        canvases[index].take(drawn)
      }
      if Interruption.isRequested, canvases.contains(where: { !$0.isDone }) {
        throw Interrupted("interrupted between two windows; --resume fills these images anew")
      }
    }
  }

  private mutating func remember(_ requests: [CompletionRequest], _ drawn: [Completion]) {
    guard options.steps != nil, options.temperature == 1 else { return }
    for pair in zip(requests, drawn)
    where stepped.count < tileSize && !pair.1.isExact && pair.0.missing.contains(true) {
      stepped.append((request: pair.0, completion: pair.1))
    }
  }
}

/// An image on its way to being filled, in several ways at once: a sample each.
private struct HoleCanvas {
  private let shape: ImageShape
  private let windows: [Rectangle]
  private let width: Int
  private let label: Int?
  private let random: [RandomSource]
  private var window = 0
  private var mask: Mask
  private var levels: [[Float]]
  private var answers: [[Completion]]

  init(
    _ image: HoledImage, _ item: ImputationPlan.Item, _ shape: ImageShape,
    _ options: ImputationOptions
  ) {
    self.shape = shape
    mask = image.mask
    width = mask.width
    label = item.label
    let isOfModelSize = mask.width == shape.width && mask.height == shape.height
    windows =
      isOfModelSize
      ? [Rectangle(x: 0, y: 0, width: shape.width, height: shape.height)]
      : mask.windows(width: shape.width, height: shape.height)
    levels = [[Float]](repeating: image.levels(for: shape), count: options.samples)
    answers = [[Completion]](repeating: [], count: options.samples)
    random = (0..<options.samples).map {
      HoledImage.random(item.relativePath, sample: $0, seed: options.seed)
    }
  }

  var isOfModelSize: Bool { mask.missing.count == shape.pixelCount }

  /// Whether no window is left.
  var isDone: Bool { window == windows.count }

  /// What is to be filled next, a request a sample; none where all is done.
  func requests(_ options: ImputationOptions) -> [CompletionRequest] {
    guard !isDone else { return [] }
    let place = windows[window]
    let missing = mask.cropped(to: place)
    return levels.indices.map { sample in
      // Each sample has particles of its own: those of one set have much in common.
      let random = window == 0 ? random[sample] : random[sample].derived(window)
      return CompletionRequest(
        levels: crop(levels[sample], place), missing: missing, label: label, random: random,
        passes: options.steps,
        filling: options.method.filling(particles: options.particles, random: random))
    }
  }

  /// Takes what was drawn for the requests.
  mutating func take(_ drawn: [Completion]) {
    let place = windows[window]
    let missing = mask.cropped(to: place)
    // Before anything is filled all samples know the same.
    let drawn = window == 0 ? drawn.sharingEvidence : drawn
    for (sample, completion) in drawn.enumerated() {
      answers[sample].append(completion)
      for (pixel, isMissing) in missing.enumerated() where isMissing {
        let target = offset(place, pixel)
        for channel in 0..<shape.channels {
          levels[sample][target + channel] = completion.levels[pixel * shape.channels + channel]
        }
      }
    }
    mask.fill(place)
    window += 1
  }

  /// The filled images.
  ///
  /// Through windows: never exact, since what lies outside of a window is not heeded; the log-likelihood is the sum of the windows',
  /// the effective sample size the smallest.
  var completions: [Completion] {
    zip(levels, answers).map { levels, answers in
      if isOfModelSize, let only = answers.first { return only }
      let methods = Set(answers.map(\.method)).sorted().joined(separator: "+")
      return Completion(
        levels: levels, logLikelihood: answers.reduce(0) { $0 + $1.logLikelihood },
        isExact: false, method: "windows-\(methods)",
        effectiveSampleSize: answers.compactMap(\.effectiveSampleSize).min())
    }
  }

  private func crop(_ levels: [Float], _ place: Rectangle) -> [Float] {
    (0..<place.height).flatMap { row in
      let start = offset(place, row * place.width)
      return levels[start..<start + place.width * shape.channels]
    }
  }

  /// Where a pixel of a window begins in the image's levels.
  private func offset(_ place: Rectangle, _ pixel: Int) -> Int {
    let (x, y) = (place.x + pixel % place.width, place.y + pixel / place.width)
    return (y * width + x) * shape.channels
  }
}

extension [Completion] {
  /// The same completions of one hole, with log-likelihoods that rest on the mean of their estimates of the evidence: better than
  /// each alone, and the completions are ranked by their images' own likelihoods.
  fileprivate var sharingEvidence: [Completion] {
    let evidence = compactMap(\.logEvidence)
    guard evidence.count == count, count > 1 else { return self }
    let mean = logSumExp(evidence) - log(Double(count))
    return zip(self, evidence).map { completion, own in
      Completion(
        levels: completion.levels, logLikelihood: completion.logLikelihood + own - mean,
        isExact: completion.isExact, method: completion.method,
        effectiveSampleSize: completion.effectiveSampleSize, logEvidence: mean)
    }
  }
}
