import Models
import Tensors

/// Draws whole images from a model, from its prior or around encoded originals.
struct DrawingMaker: ImageMaker {
  private let drawer: SampleDrawer
  private let neighbourhood: LatentNeighbourhood?

  /// A maker with this drawer; without a neighbourhood it draws from the prior.
  init(_ drawer: SampleDrawer, around neighbourhood: LatentNeighbourhood?) {
    self.drawer = drawer
    self.neighbourhood = neighbourhood
  }

  var origin: ImageOrigin { .drawn }
  var scoreKind: ScoreKind? { drawer.scoreKind }

  func make(_ places: [SamplePlace], _ random: [RandomSource]) throws -> [MadeImage] {
    let points = neighbourhood.map { near in zip(places, random).map { near.point($0, $1) } }
    let samples = try drawer.draw(
      zip(places, random).map { SampleRequest(label: $0.label, random: $1) },
      latents: points?.map(\.latents))
    return samples.indices.map { place in
      let (sample, point) = (samples[place], points?[place])
      return MadeImage(
        levels: sample.levels, logLikelihood: sample.logLikelihood,
        labelProbability: sample.labelProbability, origin: point?.around, towards: point?.towards)
    }
  }
}
