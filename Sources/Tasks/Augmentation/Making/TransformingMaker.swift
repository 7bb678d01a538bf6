public import Models
import Tensors
import Training

/// Copies of originals under ordinary transforms: how many of each, and which.
public struct TransformedCopies: Sendable, Equatable {
  /// Copies of each original.
  public var perOriginal: Int
  /// How each is changed.
  public var transforms: ImageTransforms

  /// So many copies of each original.
  public init(perOriginal: Int, transforms: ImageTransforms) {
    self.perOriginal = perOriginal
    self.transforms = transforms
  }
}

/// Makes copies of originals under ordinary transforms: the originals of a class in turn, again and again.
struct TransformingMaker: ImageMaker {
  private let dataset: ImageDataset
  private let members: [[Int]]
  private let transforms: ImageTransforms
  private let seed: UInt64

  /// A maker of images of the classes of a plan.
  init(
    _ dataset: ImageDataset, _ plan: AugmentationPlan, _ transforms: ImageTransforms, seed: UInt64
  ) {
    self.dataset = dataset
    self.transforms = transforms
    self.seed = seed
    members = plan.classes.map { $0.members(of: dataset) }
  }

  var origin: ImageOrigin { .transformed }

  func make(_ places: [SamplePlace], _ random: [RandomSource]) throws -> [MadeImage] {
    let chosen = places.map { place in
      let members = members[place.group]
      return (
        index: members[(place.number - 1) % members.count], copy: (place.number - 1) / members.count
      )
    }
    let batch = dataset.batch(chosen.map(\.index))
    // By the original's path: what becomes of it does not depend on the others.
    let sources = chosen.map { index, copy in
      PictureIdentity(dataset.paths[index]).random(sample: copy, seed: seed)
        .with(purpose: .transforms)
    }
    let size = dataset.shape.dimensionCount
    let range = Float(dataset.shape.levels - 1)
    let changed = ThreadPool.map(Tiles.count(places.count)) { tile -> [MadeImage] in
      let part = Tiles.range(tile, of: places.count)
      let own = ImageBatch(levels: batch.levels.sliced(part, axis: 0))
      let before = own.levels.values
      let after = own.transformed(transforms, shape: dataset.shape, Array(sources[part])).levels
        .values
      return part.enumerated().map { place, whole in
        let pixels = place * size..<(place + 1) * size
        let levels = Array(after[pixels])
        return MadeImage(
          levels: levels, origin: dataset.paths[chosen[whole].index],
          distance: MadeImage.distance(levels, Array(before[pixels]), range: range))
      }
    }
    return changed.flatMap { $0 }
  }
}
