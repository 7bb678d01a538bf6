import Layers
import Tensors

extension PixelDistribution {
  /// Draws the pixels of one image.
  ///
  /// - Parameters:
  ///   - image: the image's place in `parameters`, `[images, height, width, parameterCount]`.
  ///   - round: which of the image's numbers to use; no two rounds share any.
  ///   - isDrawn: a value a pixel: the others keep their levels; nil draws all.
  func draw(
    image: Int, of parameters: Tensor, _ random: RandomSource, round: Int, temperature: Float,
    channels: Int, where isDrawn: [Bool]? = nil, into levels: inout [Float]
  ) {
    let pixels = levels.count / channels
    if let isDrawn, !isDrawn.contains(true) { return }
    let uniforms = random.uniforms(
      pixels * drawsPerPixel, from: round * pixels * drawsPerPixel)
    parameters.withValues { values in
      for pixel in 0..<pixels where isDrawn?[pixel] ?? true {
        draw(
          pixel: pixel, from: image * pixels + pixel, of: values, uniforms: uniforms,
          temperature: temperature, channels: channels, into: &levels)
      }
    }
  }

  /// log p(image) of each image: the sum over its pixels.
  ///
  /// - Parameters:
  ///   - parameters: float32 `[images, height, width, parameterCount]`.
  ///   - levels: float32 `[images, height, width, channels]`.
  func logLikelihoods(parameters: Tensor, levels: Tensor) -> [Double] {
    let images = levels.shape[0]
    return negativeLogLikelihood(parameters: parameters, levels: levels).withValues { losses in
      let pixels = losses.count / images
      return (0..<images).map { image in
        -losses[image * pixels..<(image + 1) * pixels].reduce(0.0) { $0 + Double($1) }
      }
    }
  }

  /// The mean levels of every pixel, float32 `[images, height, width, channels]`.
  func meanImages(parameters: Tensor, shape: ImageShape) -> Tensor {
    let (channels, width) = (shape.channels, parameterCount)
    return Tensor(shape: [parameters.shape[0], shape.height, shape.width, channels]) { target in
      parameters.withValues { values in
        for pixel in 0..<target.count / channels {
          mean(
            parameters: .init(rebasing: values[pixel * width..<(pixel + 1) * width]),
            levels: .init(rebasing: target[pixel * channels..<(pixel + 1) * channels]))
        }
      }
    }
  }
}
