package import Images
import Models

/// Pictures on their way to being filled, a window of each a step: others may join and leave between two steps.
///
/// The answers are those of `HoleFiller.fill`, whoever else is on the way.
package struct HoleFilling {
  /// A picture that is done.
  package struct Filled: Sendable {
    /// Its completions.
    package let answers: [HoleFiller.Answer]
    /// The mean of all answers, where the filler gives means.
    package let mean: Image?
  }

  private let filler: HoleFiller
  private let picture: HoledPicture
  private var canvas: HoleCanvas
  private let ownMean: [Float]?
  /// What the window that is being filled still asks for, and what was drawn for it.
  private var requests: [CompletionRequest] = []
  private var drawn: [Completion] = []

  /// A picture that misses some pixels, has passed `HoleFiller.check`, and is to be filled so many times.
  package init(_ picture: HoledPicture, samples: Int, seed: UInt64, by filler: HoleFiller)
    throws(EngineError)
  {
    self.filler = filler
    self.picture = picture
    canvas = HoleCanvas(picture, filler.shape, samples: samples, seed: seed)
    ownMean = try filler.ownMeans([canvas])[0]
    requests = canvas.requests()
  }

  /// Goes on with each: samples of its next window, as many as its share of rows takes, at least one.
  ///
  /// - Parameters:
  ///   - fillings: all of one filler.
  ///   - rows: images that the model may draw for each.
  package static func step(_ fillings: inout [HoleFilling], rows: [Int]) throws(EngineError) {
    guard let filler = fillings.first?.filler else { return }
    var (next, count): ([[CompletionRequest]], Int) = ([], 0)
    for (filling, rows) in zip(fillings, rows) {
      let left = filling.requests.dropFirst(filling.drawn.count)
      let each = left.first.map { filler.outlook($0).imagesDrawn } ?? 1
      next.append(Array(left.prefix(max(1, rows / max(1, each)))))
      count += each * (next.last?.count ?? 0)
    }
    var drawn = try filler.draw(next.flatMap { $0 }, images: count)[...]
    for (place, own) in next.enumerated() {
      fillings[place].take(Array(drawn.prefix(own.count)))
      drawn = drawn.dropFirst(own.count)
    }
  }

  /// Takes what was drawn; a window is done when all samples of it are, because they share what they know of it.
  private mutating func take(_ completions: [Completion]) {
    drawn += completions
    guard let first = requests.first, drawn.count == requests.count else { return }
    canvas.take(drawn, filler.outlook(first))
    requests = canvas.requests()
    drawn = []
  }

  /// What came of the picture; nil where windows are left to fill.
  package var filled: Filled? {
    guard canvas.isDone else { return nil }
    let answers = filler.answers(picture, canvas)
    return Filled(answers: answers, mean: filler.mean(picture, answers, own: ownMean))
  }
}

extension HoleFilling.Filled {
  /// What comes of a picture in which nothing is missing: the picture, so many times.
  package init(untouched image: Image, samples: Int) {
    let answer = HoleFiller.Answer(
      image: image, levels: [], logLikelihood: 0, isExact: true, method: "none",
      effectiveSampleSize: nil)
    self.init(answers: [HoleFiller.Answer](repeating: answer, count: samples), mean: image)
  }
}
