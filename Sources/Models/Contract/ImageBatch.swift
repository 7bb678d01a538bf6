public import Tensors

/// Images that a model handles together.
public struct ImageBatch: Sendable {
  /// Float32 `[batch, height, width, channels]`, whole numbers in `0 ..< levels`.
  public let levels: Tensor
  /// The class of each image, or nil where it is not known or there are no classes.
  public let labels: [Int?]

  /// A batch of these levels; without labels no class is known.
  public init(levels: Tensor, labels: [Int?]? = nil) {
    self.levels = levels
    self.labels = labels ?? [Int?](repeating: nil, count: levels.shape[0])
    precondition(self.labels.count == levels.shape[0], "a label for each image")
  }

  /// A batch of images given one by one, `shape.dimensionCount` levels each.
  public init(_ images: [[Float]], labels: [Int?]? = nil, shape: ImageShape) {
    let count = images.count
    self.init(
      levels: Tensor(shape: [count, shape.height, shape.width, shape.channels]) { buffer in
        for (index, image) in images.enumerated() {
          precondition(image.count == shape.dimensionCount, "an image of \(shape)")
          let start = index * shape.dimensionCount
          for (place, level) in image.enumerated() { buffer[start + place] = level }
        }
      }, labels: labels)
  }

  /// The number of images.
  public var count: Int { levels.shape[0] }

  /// Levels scaled to -1...1; gradients flow back to the levels where these are a variable.
  public func scaled(levelCount: Int, to type: ElementType) -> Tensor {
    let scaling = LevelScaling(levels: levelCount)
    let scaled = Tensor(shape: levels.shape) { buffer in
      levels.withValues { values in
        for i in values.indices { buffer[i] = scaling(values[i]) }
      }
    }
    return scaled.recorded(from: [levels]) { [$0 * scaling.factor] }.converted(to: type)
  }
}

/// What a network sees of a level: the lowest as -1, the highest as 1.
struct LevelScaling: Sendable {
  /// The difference between neighbouring levels.
  let factor: Float

  init(levels: Int) { factor = 2 / Float(levels - 1) }

  /// The scaled level.
  @inline(__always)
  func callAsFunction(_ level: Float) -> Float { level * factor - 1 }

  /// The nearest level to a number of -1...1.
  @inline(__always)
  func level(of scaled: Float) -> Float { ((scaled + 1) / factor).rounded() }
}
