public import Layers
import Platform
public import Tensors

/// A model that predicts every missing pixel from any set of known ones: p(x) = Π p(x_o(t) | x_o(<t)) for every order o
/// of the pixels (Uria and others 2014, A Deep and Tractable Density Estimator).
///
/// Learning, scoring in any mixture of orders, sampling and completing under any mask follow from two members. A hole is filled in an order that
/// it alone decides, the known pixels first: exact by the chain rule.
public protocol OrderAgnostic: OrderAveraging, Sampling, MeanCompleting
where Filling == SteppedFilling {
  /// The distribution of a pixel.
  var distribution: any PixelDistribution { get }

  /// The parameters of every pixel's distribution given the known pixels, float32
  /// `[images, height, width, distribution.parameterCount]`; those of known pixels are not used.
  ///
  /// - Parameter missing: a value a pixel of every image; levels of missing pixels must not be read.
  func parameters(of batch: ImageBatch, missing: [Bool], _ pass: Pass) -> Tensor
}

extension OrderAgnostic {
  /// Bounds: the mean over orders of log p(x | order) lies below log p(x).
  public var scoreKind: ScoreKind { .lowerBound }

  /// Bounds, estimated by one draw of an order and a place in it that depends on the image alone.
  public func scores(_ batch: ImageBatch, _ pass: Pass) -> [Double] {
    let random = batch.contentRandom(seed: 0, purpose: .validation)
    return prediction(of: batch, holes: .scattered, random, pass).losses.values.map { -Double($0) }
  }

  /// The mean negative log-likelihood of missing pixels, as of a whole image; holes are drawn anew.
  ///
  /// - Parameter meanShare: the weight, as to that of the likelihood, of another one, that of a Gaussian around the
  ///   distributions' means, of the variance that suits the images of a shard best: D/2 log(2πe E[(mean - x)²]). Of many levels most nats are the
  ///   noise of the last bits, and it takes long until a network heeds more; the means are what noise leaves.
  func likelihoodObjective(
    _ parameters: [Parameter], labelDropout: Double, holes: TrainingHoles, meanShare: Double
  ) -> Objective {
    Objective(name: "likelihood", parameters: parameters) { batch, pass in
      let shown = batch.shownLabels(classCount: classCount, dropout: labelDropout, pass)
      let prediction = prediction(
        of: ImageBatch(levels: batch.levels, labels: shown), holes: holes,
        batch.noiseSources(pass), pass)
      let loss = prediction.losses.mean()
      guard meanShare > 0 else { return loss }
      let share = Float(meanShare / (1 + meanShare))
      return loss * (1 - share) + gaussianLoss(prediction, batch.levels) * share
    }
  }

  /// D/2 log(2πe E[(mean - x)²]) over the missing values of some images, every image as weighty.
  private func gaussianLoss(_ prediction: HolePrediction, _ levels: Tensor) -> Tensor {
    let errors = (distribution.means(parameters: prediction.parameters) - levels).squared()
      .sum(axis: 3)
    let size = Float(shape.dimensionCount)
    // No finer than a hundredth of a level: an error of zero has no logarithm.
    let variance = prediction.weighted(errors).mean() / size + 1e-4
    return (variance * (2 * Float.pi * expf(1))).log() * (size / 2)
  }

  /// What the network says of pixels that are missing from some images.
  private func prediction(
    of batch: ImageBatch, holes: TrainingHoles, _ random: [RandomSource], _ pass: Pass
  ) -> HolePrediction {
    let missing = random.map {
      holes.missing(height: shape.height, width: shape.width, $0.with(purpose: .masks))
    }
    let all = missing.flatMap { $0 }
    let parameters = parameters(of: batch, missing: all, pass)
    let losses = distribution.negativeLogLikelihood(parameters: parameters, levels: batch.levels)
    return HolePrediction(
      parameters: parameters, isMissing: Tensor(all.map { $0 ? 1 : 0 }, shape: losses.shape),
      weights: Tensor(
        missing.map { hole in Float(shape.pixelCount) / Float(hole.count { $0 }) },
        shape: [batch.count]), ofPixels: losses)
  }
}

/// What a network says of pixels that are missing from some images.
private struct HolePrediction {
  /// Of each pixel's distribution.
  let parameters: Tensor
  /// 1 for each pixel that is missing, `[images, height, width]`.
  let isMissing: Tensor
  /// The number of pixels over that of missing ones, `[images]`.
  let weights: Tensor
  /// The loss of each pixel.
  let ofPixels: Tensor

  /// The mean of an image's missing pixels times the number of all its pixels, float32 `[images]`.
  func weighted(_ values: Tensor) -> Tensor { (values * isMissing).sum(axes: [1, 2]) * weights }

  /// The losses of images, as of whole ones.
  ///
  /// Where the hole is the whole image and the first t pixels of an order are known, t uniform, that is D / (D - t) times the sum, and
  /// estimates the loss of all (Uria and others 2014, equation 10). A region's is as large, whatever the region's size.
  var losses: Tensor { weighted(ofPixels) }
}
