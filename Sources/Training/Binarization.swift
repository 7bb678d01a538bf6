import Models
import Tensors

/// How pixels become black or white.
public enum Binarization: String, CaseIterable, Sendable {
  /// Those of the upper half of the shades are white.
  case threshold
  /// Each is white with a probability of its shade, drawn anew each time that a model learns it (Salakhutdinov and Murray
  /// 2008, On the Quantitative Analysis of Deep Belief Networks, section 5).
  case dynamic
}

extension ImageBatch {
  /// Two levels in place of 256, drawn with the probabilities that shades are.
  ///
  /// - Parameter randoms: a stream for each image.
  func drawn(_ randoms: [RandomSource]) -> ImageBatch {
    precondition(randoms.count == count, "a stream for each image")
    let size = levels.count / max(1, count)
    let drawn = Tensor(shape: levels.shape) { target in
      levels.withValues { source in
        for (image, random) in randoms.enumerated() {
          let start = image * size
          for (place, draw) in random.uniforms(size).enumerated() {
            target[start + place] = draw * 255 < source[start + place] ? 1 : 0
          }
        }
      }
    }
    return ImageBatch(levels: drawn, labels: labels)
  }
}
