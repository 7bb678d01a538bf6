public import Tensors

/// Images that a model handles together.
public struct ImageBatch: Sendable {
  /// Float32 `[batch, height, width, channels]`, whole numbers in `0 ..< levels`.
  public let levels: Tensor
  /// The class of each image, or nil where it is not known; nil as a whole where there are no classes.
  public let labels: [Int?]?
  /// The order to which each image has been turned; nil where none has.
  public let orders: [PixelOrder]?

  /// A batch of these levels.
  public init(levels: Tensor, labels: [Int?]? = nil, orders: [PixelOrder]? = nil) {
    precondition(labels.map { $0.count == levels.shape[0] } ?? true)
    precondition(orders.map { $0.count == levels.shape[0] } ?? true)
    self.levels = levels
    self.labels = labels
    self.orders = orders
  }

  /// The number of images.
  public var count: Int { levels.shape[0] }

  /// Levels scaled to -1...1; gradients flow back to the levels where these are a variable.
  public func scaled(levelCount: Int, to type: ElementType) -> Tensor {
    let factor = 2 / Float(levelCount - 1)
    let scaled = Tensor(shape: levels.shape) { buffer in
      levels.withValues { values in
        for i in values.indices { buffer[i] = values[i] * factor - 1 }
      }
    }
    return scaled.recorded(from: [levels]) { [$0 * factor] }.converted(to: type)
  }
}

extension ImageBatch {
  /// The labels of a batch; while learning, some of them hidden (Ho and Salimans 2022, Classifier-Free Diffusion
  /// Guidance, section 3.2), so that "no label" comes to mean any class.
  func shownLabels(classCount: Int, dropout: Double, _ pass: Pass) -> [Int?] {
    let labels = self.labels ?? [Int?](repeating: nil, count: count)
    guard let noise = pass.noise, classCount > 0 else { return labels }
    let draws = noise.with(purpose: .labels).uniforms(count)
    return zip(labels, draws).map { $1 < Float(dropout) ? nil : $0 }
  }
}

/// Float32 `[labels, classes]`: 1 at each label's class, all zero where it is not known.
func oneHotLabels(_ labels: [Int?], classes: Int) -> Tensor {
  Tensor(shape: [labels.count, classes]) { buffer in
    buffer.update(repeating: 0)
    for (index, label) in labels.enumerated() {
      guard let label else { continue }
      precondition((0..<classes).contains(label), "class \(label) of \(classes)")
      buffer[index * classes + label] = 1
    }
  }
}
