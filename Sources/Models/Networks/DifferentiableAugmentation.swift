import Layers
package import Tensors

/// Which changes both networks of an adversarial model see their images through.
public enum AugmentationPolicy: String, Sendable, CaseIterable {
  /// None.
  case none
  /// Moved, and a square of each cut out.
  case geometry
  /// Brightness, saturation and contrast besides.
  case full
}

/// Random changes of images through which gradients flow (Zhao and others 2020, Differentiable Augmentation for Data-Efficient
/// GAN Training, section 3.2): real images and drawn ones are changed alike, when the discriminator learns and when the
/// generator does.
///
/// A discriminator that sees few images over and over knows them by heart, and tells the generator nothing else. Changed images that it saw alone would
/// teach the generator to draw changed ones; changes that both are seen through do not.
package struct DifferentiableAugmentation: Sendable {
  private let policy: AugmentationPolicy

  /// Changes by this policy.
  package init(policy: AugmentationPolicy) { self.policy = policy }

  /// Changed images, of the same shape.
  ///
  /// - Parameters:
  ///   - images: float32 `[images, height, width, channels]` in -1...1.
  ///   - sources: one for each image.
  package func callAsFunction(_ images: Tensor, _ sources: [RandomSource]) -> Tensor {
    guard policy != .none else { return images }
    // Brightness, saturation, contrast, two of the shift, two of the hole.
    let draws = sources.map { $0.with(purpose: .transforms).uniforms(7) }
    let coloured = policy == .full ? coloured(images, draws) : images
    return withHoles(moved(coloured, draws), draws)
  }

  /// Brightness by ±0.5 of half the range, colours 0 to 2 times as far from grey, contrast 0.5 to 1.5 times.
  private func coloured(_ images: Tensor, _ draws: [[Float]]) -> Tensor {
    func each(_ value: ([Float]) -> Float) -> Tensor {
      Tensor(draws.map(value), shape: [draws.count, 1, 1, 1])
    }
    var result = images + each { $0[0] - 0.5 }
    if images.shape[3] > 1 {
      let grey = result.mean(axis: 3, keepingAxis: true)
      result = (result - grey) * each { 2 * $0[1] } + grey
    }
    let middle = result.mean(axes: [1, 2, 3], keepingAxes: true)
    return (result - middle) * each { $0[2] + 0.5 } + middle
  }

  /// Moved by up to an eighth of the side, rounded; what comes in is grey.
  private func moved(_ images: Tensor, _ draws: [[Float]]) -> Tensor {
    let (height, width, channels) = (images.shape[1], images.shape[2], images.shape[3])
    func shift(_ draw: Float, _ side: Int) -> Int {
      let most = (side + 4) / 8
      return min(most, Int(draw * Float(2 * most + 1)) - most)
    }
    let pixels = height * width
    let outside = Int32(draws.count * pixels)
    var places = [Int32](repeating: outside, count: draws.count * pixels)
    for (image, draw) in draws.enumerated() {
      let (down, right) = (shift(draw[3], height), shift(draw[4], width))
      for row in max(0, down)..<min(height, height + down) {
        for column in max(0, right)..<min(width, width + right) {
          places[image * pixels + row * width + column] = Int32(
            image * pixels + (row - down) * width + column - right)
        }
      }
    }
    let rows = images.reshaped(to: [draws.count * pixels, channels])
    return Tensor.concatenated([rows, Tensor(repeating: 0, shape: [1, channels])], axis: 0)
      .embedded(places).reshaped(to: images.shape)
  }

  /// A square of half the sides, somewhere, partly outside perhaps, is grey.
  private func withHoles(_ images: Tensor, _ draws: [[Float]]) -> Tensor {
    let (height, width) = (images.shape[1], images.shape[2])
    let mask = Tensor(shape: [draws.count, height, width, 1]) { values in
      for (image, draw) in draws.enumerated() {
        func range(_ draw: Float, _ side: Int) -> Range<Int> {
          let (size, centre) = ((side + 1) / 2, Int(draw * Float(side + 1)))
          let start = centre - size / 2
          return max(0, start)..<max(0, min(side, start + size))
        }
        let (rows, columns) = (range(draw[5], height), range(draw[6], width))
        for row in 0..<height {
          for column in 0..<width {
            values[(image * height + row) * width + column] =
              rows.contains(row) && columns.contains(column) ? 0 : 1
          }
        }
      }
    }
    return images * mask
  }
}
