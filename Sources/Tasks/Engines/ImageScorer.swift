package import Images
package import Models
import Tensors
package import Training

/// Says in memory how likely a model finds whole images.
package struct ImageScorer: Sendable {
  private let model: any Scoring
  private let context: Context

  /// A scorer with this model.
  ///
  /// - Throws: `EngineError.cannot` where the model has no likelihood.
  package init(_ model: any GenerativeModel, _ context: Context) throws(EngineError) {
    guard let scoring = model as? any Scoring else {
      throw .cannot(Zoo.lacking("score", type(of: model)).description)
    }
    self.model = scoring
    self.context = context
  }

  /// What the scores are.
  package var scoreKind: ScoreKind { model.scoreKind }

  /// The levels of an image.
  ///
  /// - Throws: `EngineError.badInput` where it is not of the model's size: another image would be scored.
  package func levels(of image: Image) throws(EngineError) -> [Float] {
    let shape = model.shape
    guard image.width == shape.width, image.height == shape.height else {
      throw .badInput(
        "is \(image.width)x\(image.height), and the model is one of \(shape.width)x\(shape.height); "
          + "only images of that size have a likelihood")
    }
    return PixelLevels.levels(of: image, shape: shape).map(Float.init)
  }

  /// log p(image | class) of each image in nats, of the kind that `scoreKind` says; that of one depends on it alone.
  ///
  /// - Throws: `EngineError.cannot` where the model's numbers are not finite.
  package func scores(_ images: [[Float]], labels: [Int?]) throws(EngineError) -> [Double] {
    precondition(labels.count == images.count, "a label for each image")
    let scores = context.run {
      Tiles.map(Array(zip(images, labels))) { tile in
        let batch = ImageBatch(
          tile.padded.map(\.0), labels: tile.padded.map { model.classCount > 0 ? $0.1 : nil },
          shape: model.shape)
        return Array(model.scores(batch, Pass(context.precision)).prefix(tile.items.count))
      }
    }
    guard scores.allSatisfy(\.isLikelihood) else { throw .notFinite("likelihoods", model) }
    return scores
  }
}
