public import Layers
public import Tensors

/// A model with p(x) = Π p(x_i | x_<i) over the pixels in raster order.
///
/// Scoring, sampling and completing follow from two members: the full pass and the distribution of a pixel.
public protocol Autoregressive: Scoring, Sampling, Completing {
  /// The distribution of a pixel.
  var distribution: any PixelDistribution { get }

  /// Float32 `[batch, height, width, distribution.parameterCount]`; those of a pixel depend on the pixels
  /// before it alone.
  func parameters(of batch: ImageBatch, _ pass: Pass) -> Tensor

  /// The orders that it has learnt; the first is raster order.
  var orders: [PixelOrder] { get }

  /// What draws a tile of images, each turned to its order, pixel by pixel; by default a full pass a pixel.
  func stepper(labels: [Int?], orders: [PixelOrder], _ pass: Pass) -> any PixelStepper
}

extension Autoregressive {
  /// Raster order alone.
  public var orders: [PixelOrder] { [.raster] }

  /// The mean negative log-likelihood of a batch's images, in nats; each image in an order drawn for it.
  func likelihoodObjective(_ parameters: [Parameter]) -> Objective {
    Objective(name: "likelihood", parameters: parameters) { batch, pass in
      let batch = turnedAtRandom(batch, pass)
      let losses = distribution.negativeLogLikelihood(
        parameters: self.parameters(of: batch, pass), levels: batch.levels)
      return losses.sum() * (1 / Float(batch.count))
    }
  }

  /// Exact log-likelihoods.
  public func scores(_ batch: ImageBatch, _ pass: Pass) -> Scores {
    let losses = distribution.negativeLogLikelihood(
      parameters: parameters(of: batch, pass), levels: batch.levels)
    let sums = losses.withValues { values in
      (0..<batch.count).map { image in
        let pixels = values[image * shape.pixelCount..<(image + 1) * shape.pixelCount]
        return -pixels.reduce(0.0) { $0 + Double($1) }
      }
    }
    return Scores(logLikelihoods: sums, kind: .exact)
  }

  /// While learning, the images turned to orders drawn from those of the model.
  private func turnedAtRandom(_ batch: ImageBatch, _ pass: Pass) -> ImageBatch {
    guard orders.count > 1, let noise = pass.noise else { return batch }
    let draws = noise.with(purpose: .orders).uniforms(batch.count)
    return batch.turned(
      to: draws.map { orders[min(orders.count - 1, Int($0 * Float(orders.count)))] })
  }

  /// A full pass for every pixel.
  public func stepper(labels: [Int?], orders: [PixelOrder], _ pass: Pass) -> any PixelStepper {
    PlainStepper(self, labels: labels, orders: orders, pass)
  }
}
