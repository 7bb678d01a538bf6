import Tensors

/// Which pixels are missing where an order-agnostic model learns.
///
/// Any mixture of holes gives the same conditionals to learn, p(pixel | known pixels), and weighs them otherwise. In the whole
/// image with a random set of pixels known, a missing pixel has known neighbours on all sides: a half that is missing as
/// one, what users ask for, is never seen.
public enum TrainingHoles: String, CaseIterable, Sendable {
  /// The whole image, a random set of its pixels known.
  case scattered
  /// Half of the time the same, else a region: half-planes, rectangles, what lies around them, strokes; nothing or a random
  /// set of its pixels known besides the rest of the image.
  case regions

  /// Draws the missing pixels of an image, at least one.
  func missing(height: Int, width: Int, _ random: RandomSource) -> [Bool] {
    let pixels = height * width
    let kind = random.uniform(1)
    guard self == .regions, kind < 0.5 else {
      return Self.hiding(Array(0..<pixels), of: pixels, random)
    }
    let region = HoleRegion.drawn(height: height, width: width, random.derived(2))
    // Half of the regions as they are: what a first pass over a user's hole sees, and the mean of its answers rests on.
    return kind < 0.25
      ? region : Self.hiding(region.indices.filter { region[$0] }, of: pixels, random)
  }

  /// These places without the first t of them in a random order, t uniform in 0 ..< their number.
  private static func hiding(_ places: [Int], of pixels: Int, _ random: RandomSource) -> [Bool] {
    let known = min(places.count - 1, Int(random.uniform(0) * Float(places.count)))
    var missing = [Bool](repeating: false, count: pixels)
    for place in random.derived(1).permutation(places.count).dropFirst(known) {
      missing[places[place]] = true
    }
    return missing
  }
}
