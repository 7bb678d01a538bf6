import Images
import Models
import Platform
import Tensors

/// An image on its way to being filled, in several ways at once: a sample each.
struct HoleCanvas {
  private let shape: ImageShape
  private let windows: [Rectangle]
  private let width: Int
  private let label: Int?
  private let random: [RandomSource]
  private var window = 0
  private var mask: Mask
  private var levels: [[Float]]
  private var answers: [[Completion]]
  private var outlooks: [FillingOutlook] = []

  init(_ picture: HoledPicture, _ shape: ImageShape, samples: Int, seed: UInt64) {
    self.shape = shape
    mask = picture.mask
    width = mask.width
    label = picture.label
    let isOfModelSize = mask.width == shape.width && mask.height == shape.height
    windows =
      isOfModelSize
      ? [Rectangle(x: 0, y: 0, width: shape.width, height: shape.height)]
      : mask.windows(width: shape.width, height: shape.height)
    levels = [[Float]](repeating: picture.levels(for: shape), count: samples)
    answers = [[Completion]](repeating: [], count: samples)
    random = (0..<samples).map {
      picture.identity.random(sample: $0, seed: seed)
    }
  }

  var isOfModelSize: Bool { mask.missing.count == shape.pixelCount }

  /// Whether no window is left.
  var isDone: Bool { window == windows.count }

  /// What is to be filled next, a request a sample, each with numbers of its own; none where all is done.
  func requests() -> [CompletionRequest] {
    guard !isDone else { return [] }
    let place = windows[window]
    let missing = mask.cropped(to: place)
    return levels.indices.map { sample in
      CompletionRequest(
        levels: crop(levels[sample], place), missing: missing, label: label,
        random: window == 0 ? random[sample] : random[sample].derived(window))
    }
  }

  /// Takes what was drawn for the requests.
  mutating func take(_ drawn: [Completion], _ outlook: FillingOutlook) {
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
    outlooks.append(outlook)
    mask.fill(place)
    window += 1
  }

  /// The filled images.
  ///
  /// Through windows: never exact, since what lies outside of a window is not heeded; the log-likelihood is the sum of the windows',
  /// the effective sample size the smallest.
  var completions: [(completion: Completion, isExact: Bool, method: String)] {
    let methods = Set(outlooks.map(\.method)).sorted().joined(separator: "+")
    return zip(levels, answers).map { levels, answers in
      if isOfModelSize, let only = answers.first, let outlook = outlooks.first {
        return (only, outlook.isExact, outlook.method)
      }
      let whole = Completion(
        levels: levels, logLikelihood: answers.reduce(0) { $0 + $1.logLikelihood },
        effectiveSampleSize: answers.compactMap(\.effectiveSampleSize).min())
      return (whole, false, "windows-\(methods)")
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
        effectiveSampleSize: completion.effectiveSampleSize, logEvidence: mean)
    }
  }
}
