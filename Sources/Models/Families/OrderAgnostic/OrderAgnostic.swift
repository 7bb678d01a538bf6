public import Layers
public import Tensors

/// A model that predicts every missing pixel from any set of known ones: p(x) = Π p(x_o(t) | x_o(<t)) for every order o
/// of the pixels (Uria and others 2014, A Deep and Tractable Density Estimator).
///
/// Learning, scoring, sampling and completing under any mask follow from two members. A hole is filled in an order that
/// it alone decides, the known pixels first: exact by the chain rule.
public protocol OrderAgnostic: Scoring, Sampling, Completing where Filling == SteppedFilling {
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
    return orderedLosses(of: batch, random, pass).values.map { -Double($0) }
  }

  /// The mean negative log-likelihood, orders and places in them drawn anew.
  func likelihoodObjective(_ parameters: [Parameter], labelDropout: Double) -> Objective {
    Objective(name: "likelihood", parameters: parameters) { batch, pass in
      let shown = batch.shownLabels(classCount: classCount, dropout: labelDropout, pass)
      return orderedLosses(
        of: ImageBatch(levels: batch.levels, labels: shown), batch.noiseSources(pass), pass
      ).mean()
    }
  }

  /// For each image the first t pixels of an order are known, t uniform: D / (D - t) times the loss
  /// of the others estimates the loss of all (Uria and others 2014, equation 10).
  ///
  /// Float32 `[images]`.
  private func orderedLosses(
    of batch: ImageBatch, _ random: [RandomSource], _ pass: Pass
  ) -> Tensor {
    let pixels = shape.pixelCount
    var missing = [Bool](repeating: true, count: batch.count * pixels)
    var weights: [Float] = []
    for (image, source) in random.enumerated() {
      let source = source.with(purpose: .masks)
      let known = min(pixels - 1, Int(source.uniform(0) * Float(pixels)))
      for pixel in source.derived(1).permutation(pixels).prefix(known) {
        missing[image * pixels + pixel] = false
      }
      weights.append(Float(pixels) / Float(pixels - known))
    }
    let ofPixels = distribution.negativeLogLikelihood(
      parameters: parameters(of: batch, missing: missing, pass), levels: batch.levels)
    let counted = Tensor(missing.map { $0 ? 1 : 0 }, shape: ofPixels.shape)
    return (ofPixels * counted).sum(axes: [1, 2]) * Tensor(weights, shape: [batch.count])
  }
}
