import Tensors

/// How a classifier learns from images of which few have labels.
///
/// Cross-entropy of labelled images as they are and of a moved copy of each, and of moved copies of unlabelled images whose
/// class it is sure of, which is then their target (Sohn et al. 2020, FixMatch, section 2).
struct ConsistencyLoss: Sendable {
  let classCount: Int
  /// Probability above which a class that an unlabelled image is given becomes its copy's target.
  let confidence: Double

  /// The sum of these losses over the batch's images, as a share of their number.
  ///
  /// - Parameters:
  ///   - logits: of the images as they are, `[images, classes]`.
  ///   - copies: those of moved copies; nil where none are looked at.
  func callAsFunction(_ labels: [Int?], logits: Tensor, copies: (() -> Tensor)?) -> Tensor {
    let guesses = logits.detached.softmax().values
    var targets = [Int32](repeating: 0, count: labels.count)
    var (clean, moved) = (
      [Float](repeating: 0, count: labels.count), [Float](repeating: 0, count: labels.count)
    )
    for (image, label) in labels.enumerated() {
      if let label {
        targets[image] = Int32(label)
        (clean[image], moved[image]) = (1, 1)
      } else {
        let row = guesses[image * classCount..<(image + 1) * classCount]
        guard let top = row.indices.max(by: { row[$0] < row[$1] }) else { continue }
        targets[image] = Int32(top - row.startIndex)
        moved[image] = Double(row[top]) >= confidence ? 1 : 0
      }
    }
    let count = Float(labels.count)
    let loss = (logits.softmaxCrossEntropy(targets) * Tensor(clean, shape: [labels.count])).sum()
    guard let copies else { return loss / count }
    let consistency =
      copies().softmaxCrossEntropy(targets) * Tensor(moved, shape: [labels.count])
    return (loss + consistency.sum()) / count
  }
}
