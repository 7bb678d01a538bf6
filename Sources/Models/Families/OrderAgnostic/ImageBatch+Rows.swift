import Tensors

extension ImageBatch {
  /// The images of these numbers; gradients flow back to the levels where these are a variable.
  func rows(_ numbers: [Int]) -> ImageBatch {
    ImageBatch(
      levels: levels.reshaped(to: [count, levels.count / count]).embedded(numbers.map(Int32.init))
        .reshaped(to: levels.shape.replacing(0, with: numbers.count)),
      labels: numbers.map { labels[$0] })
  }
}
