import Layers
import Models
import Tensors

/// Two dense layers, from an image's pixels to the log-odds of the same pixels: the size of a MADE
/// (Germain and others 2015, section 6.2) without its masks, which cost nothing.
///
/// Not a model of anything: it stands for all work that is large matrix products.
struct DenseNetwork: Sendable {
  /// The name on the command line.
  static let name = "dense"

  struct Configuration: ModelConfiguration {
    var hidden = 8000

    static let settings: [Setting<Configuration>] = [
      .integer("hidden", \.hidden, 1...65536, "features between the two layers")
    ]
  }

  private let levelCount: Int
  private let first: Linear
  private let second: Linear

  init(_ configuration: Configuration, shape: ImageShape, scope: Scope) throws(ModelError) {
    guard shape.channels == 1, shape.levels == 2 else {
      throw ModelError(
        "'\(Self.name)' is for binary images (--channels grey --levels 2), not \(shape)")
    }
    levelCount = shape.levels
    let gain = Float(2).squareRoot()
    first = Linear(scope / "first", shape.dimensionCount, configuration.hidden, gain: gain)
    second = Linear(scope / "second", configuration.hidden, shape.dimensionCount, gain: 0.1)
  }

  /// The mean negative log-likelihood of a batch's images, in nats.
  @Sendable func loss(_ batch: ImageBatch, _ pass: Pass) -> Tensor {
    let image = batch.scaled(levelCount: levelCount, to: pass.elementType)
    let flat: Shape = [batch.count, image.count / batch.count]
    let logits = second(first(image.reshaped(to: flat)).relu()).converted(to: .float32)
    let losses = logits.sigmoidCrossEntropy(batch.levels.reshaped(to: flat))
    return losses.sum() * (1 / Float(batch.count))
  }
}
