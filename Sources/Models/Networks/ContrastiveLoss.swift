import Platform
package import Tensors

/// The normalised temperature-scaled cross-entropy of two views of each image, NT-Xent.
///
/// Chen et al. 2020, A Simple Framework for Contrastive Learning of Visual Representations, section 2.1, equation 1.
/// A view shall be more like its image's other view than like any view of another image: with s the cosine of two projections,
/// -log(exp(s(i, i') / t) / Σ exp(s(i, j) / t)), the sum over all j but i. The other images are those of the shard.
package enum ContrastiveLoss {
  /// What keeps a projection of length zero from a division by zero.
  private static let leastSquare: Float = 1e-12
  /// Taken from a view's likeness to itself, so that it counts for nothing.
  private static let excluded: Float = -1e9

  /// The mean over both views of every image, in nats: between 0 and about log(2 images - 1).
  ///
  /// - Parameters:
  ///   - first: float32 `[images, width]`, the projections of one view of each image.
  ///   - second: those of the other views, in the same order.
  ///   - temperature: t, above 0; the lower, the more the likest of the others count.
  package static func mean(_ first: Tensor, _ second: Tensor, temperature: Float) -> Tensor {
    let images = first.shape[0]
    let views = normalized(.concatenated([first, second], axis: 0))
    let itself = Tensor(shape: [2 * images, 2 * images]) { buffer in
      for place in buffer.indices {
        buffer[place] = place % (2 * images + 1) == 0 ? excluded : 0
      }
    }
    let likeness = views.multiplied(by: views, transposingOther: true) * (1 / temperature)
    let others = (0..<2 * images).map { Int32(($0 + images) % (2 * images)) }
    return (likeness + itself).softmaxCrossEntropy(others).mean()
  }

  /// Each row divided by its length.
  private static func normalized(_ rows: Tensor) -> Tensor {
    rows / (rows.squared().sum(axis: 1, keepingAxis: true) + leastSquare).squareRoot()
  }
}
