import Models
import Tensors
import Training

/// Draws a part of an original anew, given the rest of it and its class.
struct RedrawingMaker: ImageMaker {
  private let filler: HoleFiller
  private let dataset: ImageDataset
  private let members: [[Int]]
  private let part: RedrawnPart
  private let levelRange: Float

  /// A maker of images of the classes of a plan, each from one of their originals.
  ///
  /// - Throws: `EngineError.cannot` where the model does not complete images.
  init(
    _ model: any GenerativeModel, _ dataset: ImageDataset, _ plan: AugmentationPlan,
    _ part: RedrawnPart, temperature: Float, filling: [String: String], _ context: Context
  ) throws(EngineError) {
    var options = HoleFiller.Options()
    options.temperature = temperature
    options.filling = filling
    filler = try HoleFiller(model, options, context)
    self.dataset = dataset
    self.part = part
    members = plan.classes.map { $0.members(of: dataset) }
    levelRange = Float(dataset.shape.levels - 1)
  }

  var origin: ImageOrigin { .redrawn }

  func make(_ places: [SamplePlace], _ random: [RandomSource]) throws -> [MadeImage] {
    let origins = zip(places, random).map { place, random in
      let members = members[place.group]
      let draw = random.with(purpose: .shuffling).uniform(0)
      return members[min(members.count - 1, Int(draw * Float(members.count)))]
    }
    let levels = dataset.images(origins)
    let requests = places.indices.map { place in
      CompletionRequest(
        levels: levels[place],
        missing: part.missing(dataset.shape, random[place].with(purpose: .masks)),
        label: places[place].label, random: random[place])
    }
    let count = requests.reduce(0) { $0 + filler.outlook($1).imagesDrawn }
    let completions = try filler.draw(requests, images: count)
    return places.indices.map { place in
      let drawn = completions[place]
      return MadeImage(
        levels: drawn.levels, logLikelihood: drawn.logLikelihood,
        origin: dataset.paths[origins[place]],
        distance: MadeImage.distance(drawn.levels, levels[place], range: levelRange))
    }
  }
}
