package import Layers
package import Models
package import Tensors
package import Training

/// A fixed classifier that judges training sets: no setting changes it, so that figures of unlike data can be compared.
package protocol JudgingClassifier: Sendable {
  /// Share of a parameter that a step of learning rate 1 removes.
  static var weightDecay: Float { get }

  /// Its parameters.
  var store: ParameterStore { get }

  /// A classifier before it has learnt; `seed` decides its initial weights.
  init(shape: ImageShape, classCount: Int, seed: UInt64)

  /// The unnormalised log-probabilities `[images, classes]`; with dropout where the pass has noise.
  func logits(_ batch: ImageBatch, _ pass: Pass) -> Tensor
}

extension JudgingClassifier {
  /// The mean negative log-probability of the labels, in nats; every image must have one.
  package func loss(_ batch: ImageBatch, _ pass: Pass) -> Tensor {
    let labels = batch.labels.compactMap { $0.map(Int32.init) }
    precondition(labels.count == batch.count, "a classifier learns from labelled images")
    return logits(batch, pass).softmaxCrossEntropy(labels).mean()
  }

  /// The likeliest class of every image, in order.
  package func predictions(_ images: ImageDataset, _ precision: ElementType) -> [Int] {
    chunks(images) { logits($0, Pass(precision)).argmax() }
  }

  /// What a body says of every image, some of them at a time, in order.
  func chunks<Result: Sendable>(
    _ images: ImageDataset, _ body: @Sendable (ImageBatch) -> [Result]
  ) -> [Result] {
    // Chunks of fixed size, because a product's rounding may depend on its rows.
    let size = 200
    return ThreadPool.map((images.count + size - 1) / size) { chunk in
      let range = chunk * size..<min(images.count, (chunk + 1) * size)
      return body(images.batch(Array(range)))
    }.flatMap { $0 }
  }
}

/// Which fixed classifier judges.
public enum ClassifierKind: String, Sendable, CaseIterable {
  /// Three convolutions and a dense layer.
  case small
  /// A residual network with group normalisation and weight decay: stronger, and several times slower.
  case residual

  /// The classifier.
  var type: any JudgingClassifier.Type {
    switch self {
    case .small: SmallClassifier.self
    case .residual: ResidualClassifier.self
    }
  }
}
