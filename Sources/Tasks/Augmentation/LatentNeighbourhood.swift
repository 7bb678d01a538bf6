import Models
import Tensors
import Training

/// Latent points around encoded originals of a class: where a model that has seen few images knows best what it paints.
struct LatentNeighbourhood: Sendable {
  /// A latent point, and what it was drawn around.
  struct Point: Sendable {
    /// The coordinates.
    let latents: [Float]
    /// The original's path.
    let around: String
    /// The path of the original that the point is on the way to, where it is between two.
    let towards: String?
  }

  private let encoded: EncodedOriginals
  private let dataset: ImageDataset
  private let members: [[Int]]
  private let choice: AugmentationOptions.Around

  /// The neighbourhoods of the classes of a plan.
  init(
    _ encoded: EncodedOriginals, _ dataset: ImageDataset, _ plan: AugmentationPlan,
    _ choice: AugmentationOptions.Around
  ) {
    self.encoded = encoded
    self.dataset = dataset
    self.choice = choice
    members = plan.classes.map { $0.members(of: dataset) }
  }

  /// The point of a place, which decides it alone.
  func point(_ place: SamplePlace, _ random: RandomSource) -> Point {
    let members = members[place.group]
    let draws = random.with(purpose: .shuffling).uniforms(3)
    func member(_ draw: Float, of count: Int) -> Int { min(count - 1, Int(draw * Float(count))) }
    let first = member(draws[0], of: members.count)
    let origin = members[first]
    var centre = encoded.mean(origin)
    var other: Int?
    if choice.isBetween, members.count > 1 {
      // Any of the others: the first one's own place is skipped.
      let second = (first + 1 + member(draws[1], of: members.count - 1)) % members.count
      let goal = members[second]
      for (place, value) in encoded.mean(goal).enumerated() {
        centre[place] += draws[2] * (value - centre[place])
      }
      other = goal
    }
    let variances = encoded.variance(origin)
    let noise = random.with(purpose: .latents).normal([1, encoded.width]).values
    for place in centre.indices {
      let variance = variances.map { $0[place] } ?? 1
      centre[place] += choice.scale * variance.squareRoot() * noise[place]
    }
    return Point(
      latents: centre, around: dataset.paths[origin], towards: other.map { dataset.paths[$0] })
  }
}
