import Models
import Tensors

/// An image that was made for a place of a run, and what is known of it.
struct MadeImage: Sendable {
  /// The levels of the image.
  let levels: [Float]
  /// log p in nats, as the maker sees it; nil where it sees none.
  var logLikelihood: Double?
  /// p(label | image), where labels are checked or were found.
  var labelProbability: Double?
  /// The path of the image that it was made from; nil where it comes from nowhere.
  var origin: String?
  /// The path of the original towards which it was drawn; nil where it is not between two.
  var towards: String?
  /// The root mean square of the differences of pixels to the image that it was made from, 0...1; nil where the nearest original tells.
  var distance: Double?

  /// The root mean square of the differences of two images, whose levels end at `range`.
  static func distance(_ one: [Float], _ other: [Float], range: Float) -> Double {
    let sum = zip(one, other).reduce(0.0) { sum, pair in
      let difference = Double((pair.0 - pair.1) / range)
      return sum + difference * difference
    }
    return (sum / Double(max(1, one.count))).squareRoot()
  }
}

/// How a new image came about.
public enum ImageOrigin: String, Sendable, CaseIterable {
  /// A model drew it.
  case drawn
  /// A model drew a part of it, the rest is an original's.
  case redrawn
  /// It is an original, moved about or otherwise changed.
  case transformed
  /// It is an image without a label whose class a model is sure of.
  case pseudoLabelled = "pseudo-labelled"

  /// What stands between class and number in its file's name.
  var stem: String {
    switch self {
    case .drawn, .redrawn: "gen"
    case .transformed: "moved"
    case .pseudoLabelled: "found"
    }
  }
}

/// Makes images for the places of a run; the n-th depends on the n-th place and its random numbers alone.
protocol ImageMaker: Sendable {
  /// How they come about.
  var origin: ImageOrigin { get }
  /// What their log-likelihoods are; nil where they have none.
  var scoreKind: ScoreKind? { get }

  /// An image for each place.
  func make(_ places: [SamplePlace], _ random: [RandomSource]) throws -> [MadeImage]
}

extension ImageMaker {
  /// None.
  var scoreKind: ScoreKind? { nil }
}
