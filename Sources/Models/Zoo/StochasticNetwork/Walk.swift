import Layers
import Tensors

extension GenerativeStochasticNetwork {
  /// Chains of some images, each with random numbers of its own.
  struct Walk {
    private let model: GenerativeStochasticNetwork
    private let labels: [Int?]
    private let random: [RandomSource]
    private let pass: Pass
    private var second: Tensor?
    private var round = 0

    /// Chains that have not begun.
    ///
    /// - Parameter random: a source for each image.
    init(
      _ model: GenerativeStochasticNetwork, labels: [Int?], _ random: [RandomSource], _ pass: Pass
    ) {
      (self.model, self.labels, self.random, self.pass) = (model, labels, random, pass)
    }

    /// Spoils the images, computes the hidden units, and says what these say of each pixel.
    mutating func step(from levels: Tensor) -> Tensor {
      let image = spoilt(levels)
      // A chain that has not begun learns of the second layer from the image alone.
      let above =
        second
        ?? model.secondSums(
          noisy(model.sums(image, above: nil, labels: labels), purpose: .dropout).tanh()
        )?.tanh()
      let hidden = noisy(
        model.sums(image, above: above, labels: labels), purpose: .latents
      ).tanh()
      second = model.secondSums(hidden).map { noisy($0, purpose: .orders).tanh() }
      round += 1
      return model.numbers(hidden, labels: labels)
    }

    /// Images drawn after a step, a constant; pixels that are held keep their levels.
    ///
    /// - Parameters:
    ///   - held: for each image its levels, and which pixels are not held; nil where none is.
    func drawn(
      _ numbers: Tensor, temperature: Float, held: [(levels: [Float], missing: [Bool])]? = nil
    ) -> Tensor {
      let shape = model.shape
      let constant = numbers.detached
      let images = random.indices.map { index in
        var levels = held?[index].levels ?? [Float](repeating: 0, count: shape.dimensionCount)
        model.distribution.draw(
          image: index, of: constant, random[index].with(purpose: .sampling), round: round,
          temperature: temperature, channels: shape.channels, where: held?[index].missing,
          into: &levels)
        return levels
      }
      return ImageBatch(images, shape: shape).levels
    }

    /// Salt and pepper: some pixels become the lowest level or the highest, all channels together; scaled, `[images, values]`.
    private func spoilt(_ levels: Tensor) -> Tensor {
      let (shape, share) = (model.shape, Float(model.configuration.corruption))
      let top = Float(shape.levels - 1)
      let pixels = shape.pixelCount
      let spoilt = Tensor(shape: levels.shape) { target in
        levels.withValues { source in
          for (image, random) in random.enumerated() {
            let draws = random.with(purpose: .masks).uniforms(pixels, from: round * pixels)
            for (pixel, draw) in draws.enumerated() {
              let start = (image * pixels + pixel) * shape.channels
              for place in start..<start + shape.channels {
                target[place] = draw >= share ? source[place] : draw < share / 2 ? 0 : top
              }
            }
          }
        }
      }
      return ImageBatch(levels: spoilt).scaled(levelCount: shape.levels, to: pass.elementType)
        .reshaped(to: [random.count, shape.dimensionCount])
    }

    /// Sums with Gaussian noise.
    private func noisy(_ sums: Tensor, purpose: RandomSource.Purpose) -> Tensor {
      let deviation = Float(model.configuration.noise)
      guard deviation > 0 else { return sums }
      let noise = latentNoise(random, purpose: purpose, round: round, count: sums.shape[1])
      return sums + (noise * deviation).converted(to: sums.elementType)
    }
  }
}
