package import Images

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
  private var ownMean: [Float]?

  /// A picture that misses some pixels, has passed `HoleFiller.check`, and is to be filled so many times.
  package init(_ picture: HoledPicture, samples: Int, seed: UInt64, by filler: HoleFiller)
    throws(EngineError)
  {
    self.filler = filler
    self.picture = picture
    canvas = HoleCanvas(picture, filler.shape, samples: samples, seed: seed)
    ownMean = try filler.ownMeans([canvas])[0]
  }

  /// Fills the next window of each; all of them have the same filler.
  package static func step(_ fillings: inout [HoleFilling]) throws(EngineError) {
    guard let filler = fillings.first?.filler else { return }
    var canvases = fillings.map(\.canvas)
    _ = try filler.fillWindows(of: &canvases)
    for place in fillings.indices { fillings[place].canvas = canvases[place] }
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
