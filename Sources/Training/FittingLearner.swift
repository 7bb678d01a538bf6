import Layers
import Models
import Tensors

/// Learns by fitting a model to all images at once, a pass a step.
///
/// Where images are to be moved about, the model learns each as it is and several warped copies of it.
final class FittingLearner: Learner {
  private static let batchSize = 100
  /// Warped copies of an image: at least, at most, and how many images there are then about in all.
  private static let (fewestCopies, mostCopies, copiedCount) = (4, 50, 10_000)

  private let fitter: any Fitter
  let imagesPerStep: Int
  let stepsPerPass = 1
  let valueNames = ["loss"]
  let average: MovingAverage? = nil

  init(_ model: any Fitted, _ images: ImageDataset, _ options: TrainingOptions) {
    imagesPerStep = images.count
    fitter = model.fitter { consume in
      for batch in Self.batches(of: images) { consume(batch) }
      for copy in 0..<Self.copies(of: images, options.transforms) {
        let random = RandomSource(seed: options.seed, purpose: .transforms).at(copy)
        for (number, batch) in Self.batches(of: images).enumerated() {
          consume(
            batch.warped(
              options.transforms, shape: images.shape, random, first: number * Self.batchSize,
              isElastic: true))
        }
      }
    }
  }

  var mostSteps: Int? { fitter.mostPasses }

  func makeStep(_ number: Int, progress: Double) throws -> LearningReport? {
    fitter.makePass().map { LearningReport(values: [("loss", $0)], rate: nil) }
  }

  func finish() { fitter.finish() }

  var state: FitterState { fitter.state }

  func restore(_ state: FitterState, step: Int) -> Bool { fitter.restore(state) }

  /// How many warped copies of each image are learned.
  private static func copies(of images: ImageDataset, _ transforms: TransformStrength) -> Int {
    transforms == .none
      ? 0 : min(mostCopies, max(fewestCopies, copiedCount / max(1, images.count)))
  }

  private static func batches(of images: ImageDataset) -> some Sequence<ImageBatch> {
    stride(from: 0, to: images.count, by: batchSize).lazy.map { start in
      images.batch(Array(start..<min(images.count, start + batchSize)))
    }
  }
}
