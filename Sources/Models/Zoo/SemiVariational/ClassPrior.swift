import Layers
import Platform
import Tensors

/// A prior over latents that knows classes, p(z) = Σ_y p(y) ∫ p(z | y, s) p(s) ds: the generative
/// model M2 of Kingma and others 2014 (Semi-Supervised Learning with Deep Generative Models,
/// equation 2), its data the latents of an encoder, s what is left of the style.
///
/// p(y) is uniform.
struct ClassPrior: Sendable {
  let classes: Int
  private let latentCount: Int
  private let styleCount: Int
  private let encoder: Linear
  private let encoderClass: Linear
  private let styleMean: Linear
  private let styleLogVariance: Linear
  private let decoder: Linear
  private let decoderClass: Linear
  private let latentMean: Linear
  private let latentLogVariance: Linear

  init(_ scope: Scope, classes: Int, latentCount: Int, styleCount: Int, hidden: Int) {
    self.classes = classes
    self.latentCount = latentCount
    self.styleCount = styleCount
    encoder = Linear(scope / "encoder", latentCount, hidden)
    encoderClass = Linear(scope / "encoder_class", classes, hidden, bias: false)
    styleMean = Linear(scope / "style_mean", hidden, styleCount, gain: 0.5)
    styleLogVariance = Linear(scope / "style_log_variance", hidden, styleCount, gain: 0.1)
    decoder = Linear(scope / "decoder", styleCount, hidden)
    decoderClass = Linear(scope / "decoder_class", classes, hidden, bias: false)
    latentMean = Linear(scope / "latent_mean", hidden, latentCount, gain: 0.5)
    latentLogVariance = Linear(scope / "latent_log_variance", hidden, latentCount, gain: 0.1)
  }

  /// p(z | y, s) of each row.
  private func latents(style: Tensor, oneHot: Tensor) -> DiagonalGaussian {
    let hidden = (decoder(style) + decoderClass(oneHot)).silu()
    return DiagonalGaussian(mean: latentMean(hidden), logVariance: latentLogVariance(hidden))
  }

  /// q(s | z, y) of each row.
  private func style(latents: Tensor, oneHot: Tensor) -> DiagonalGaussian {
    let hidden = (encoder(latents) + encoderClass(oneHot)).silu()
    return DiagonalGaussian(mean: styleMean(hidden), logVariance: styleLogVariance(hidden))
  }

  /// Every class for every row: one-hot `[classes * rows, classes]`, the rows of a class side by side.
  private func everyClass(rows: Int) -> Tensor {
    oneHotLabels((0..<classes).flatMap { [Int?](repeating: $0, count: rows) }, classes: classes)
  }

  /// For every row and class a lower bound of log p(z | y), float32 `[rows, classes]`: the expectation over the style
  /// by one draw, its divergence in closed form.
  ///
  /// - Parameter noise: float32 `[classes * rows, styleCount]`.
  func bounds(latents: Tensor, noise: Tensor) -> Tensor {
    let (rows, oneHot) = (latents.shape[0], everyClass(rows: latents.shape[0]))
    let repeated = Tensor.concatenated([Tensor](repeating: latents, count: classes), axis: 0)
    let style = style(latents: repeated, oneHot: oneHot)
    let painted = self.latents(style: style.sample(noise), oneHot: oneHot)
    return (painted.logDensity(repeated) - style.divergenceFromStandard)
      .reshaped(to: [classes, rows]).transposed()
  }

  /// For every row and class the logarithm of an unbiased estimate of p(z | y), float32 `[rows, classes]`: one
  /// importance-weighted draw of the style.
  func estimates(latents: Tensor, noise: Tensor) -> Tensor {
    let (rows, oneHot) = (latents.shape[0], everyClass(rows: latents.shape[0]))
    let repeated = Tensor.concatenated([Tensor](repeating: latents, count: classes), axis: 0)
    let style = style(latents: repeated, oneHot: oneHot)
    let drawn = style.sample(noise)
    let painted = self.latents(style: drawn, oneHot: oneHot)
    let weights =
      painted.logDensity(repeated) + DiagonalGaussian.standardLogDensity(drawn)
      - style.logDensity(drawn)
    return weights.reshaped(to: [classes, rows]).transposed()
  }

  /// log p(z | label) from a table of log p(z | y): the label's column, or all of them under p(y).
  func marginal(_ table: Tensor, labels: [Int?]) -> Tensor {
    let total = Float(log(Double(classes)))
    let offsets = Tensor(shape: [labels.count, classes]) { buffer in
      for (row, label) in labels.enumerated() {
        for c in 0..<classes {
          buffer[row * classes + c] = label.map { $0 == c ? 0 : -.infinity } ?? -total
        }
      }
    }
    return (table + offsets).logSumExp(axis: 1)
  }

  /// A draw of z for each row.
  ///
  /// - Parameter noise: float32 `[rows, styleCount + latentCount]`.
  func draw(labels: [Int], noise: Tensor, temperature: Float) -> Tensor {
    let style = noise.sliced(0..<styleCount, axis: 1) * temperature
    let rest = noise.sliced(styleCount..<styleCount + latentCount, axis: 1) * temperature
    return latents(style: style, oneHot: oneHotLabels(labels.map { $0 }, classes: classes))
      .sample(rest)
  }
}
