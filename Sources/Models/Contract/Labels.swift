package import Tensors

extension ImageBatch {
  /// The labels of a batch; while learning, some of them hidden (Ho and Salimans 2022, Classifier-Free Diffusion
  /// Guidance, section 3.2), so that "no label" comes to mean any class.
  func shownLabels(classCount: Int, dropout: Double, _ pass: Pass) -> [Int?] {
    guard let noise = pass.noise, classCount > 0 else { return labels }
    let draws = noise.with(purpose: .labels).uniforms(count)
    return zip(labels, draws).map { $1 < Float(dropout) ? nil : $0 }
  }
}

/// What a network sees of labels, float32 `[labels, classes]`: 1 at each label's class, all zero where it is not known.
package func oneHotLabels(_ labels: [Int?], classes: Int) -> Tensor {
  Tensor(shape: [labels.count, classes]) { buffer in
    buffer.update(repeating: 0)
    for (index, label) in labels.enumerated() {
      guard let label else { continue }
      precondition((0..<classes).contains(label), "class \(label) of \(classes)")
      buffer[index * classes + label] = 1
    }
  }
}

extension Tensor {
  /// Rows `[labels, n]` with what a network sees of their labels after them, `[labels, n + classes]`.
  func besideLabels(_ labels: [Int?], classes: Int) -> Tensor {
    guard classes > 0 else { return self }
    return .concatenated([self, oneHotLabels(labels, classes: classes)], axis: 1)
  }
}
