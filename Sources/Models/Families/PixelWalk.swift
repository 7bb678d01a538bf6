import Layers
import Tensors

/// Takes the pixels of a tile's images in raster order, and draws those that are missing.
struct PixelWalk {
  let shape: ImageShape
  let distribution: any PixelDistribution
  let temperature: Float

  /// The images, at most a tile of them, with every missing pixel drawn, and the log-likelihoods of what was drawn, each pixel
  /// given those before it.
  ///
  /// - Parameters:
  ///   - missing: a value a pixel of each image.
  ///   - uniforms: `distribution.drawsPerPixel` numbers for each pixel of each image.
  func draw(
    _ images: [[Float]], missing: [[Bool]], uniforms: [[Float]], by stepper: any PixelStepper
  ) -> [(levels: [Float], logLikelihood: Double)] {
    var images = images
    var logLikelihoods = [Double](repeating: 0, count: images.count)
    let end = missing.reduce(0) { max($0, ($1.lastIndex(of: true) ?? -1) + 1) }
    for pixel in 0..<end {
      let taken = images.indices.filter { missing[$0][pixel] }
      if !taken.isEmpty {
        let parameters = stepper.nextParameters()
        parameters.withValues { values in
          for image in taken {
            distribution.draw(
              pixel: pixel, from: image, of: values, uniforms: uniforms[image],
              temperature: temperature, channels: shape.channels, into: &images[image])
          }
        }
        let losses = distribution.negativeLogLikelihood(
          parameters: parameters,
          levels: Tensor(
            shape.levels(of: images, pixel: pixel, rows: stepper.rows),
            shape: [stepper.rows, shape.channels]))
        losses.withValues { values in
          for image in taken { logLikelihoods[image] -= Double(values[image]) }
        }
      }
      stepper.advance(shape.levels(of: images, pixel: pixel, rows: stepper.rows))
    }
    return Array(zip(images, logLikelihoods).map { (levels: $0, logLikelihood: $1) })
  }
}

extension PixelWalk {
  /// The images of which every pixel has its mean, given the means of those before it; not rounded.
  ///
  /// - Parameter count: images, at most a tile of them.
  static func means(
    _ count: Int, shape: ImageShape, _ distribution: any PixelDistribution,
    by stepper: any PixelStepper
  ) -> [[Float]] {
    let (width, channels) = (distribution.parameterCount, shape.channels)
    var images = [[Float]](
      repeating: [Float](repeating: 0, count: shape.dimensionCount), count: count)
    for pixel in 0..<shape.pixelCount {
      stepper.nextParameters().withValues { values in
        for image in images.indices {
          images[image].withUnsafeMutableBufferPointer { levels in
            distribution.mean(
              parameters: .init(rebasing: values[image * width..<(image + 1) * width]),
              levels: .init(rebasing: levels[pixel * channels..<(pixel + 1) * channels]))
          }
        }
      }
      stepper.advance(shape.levels(of: images, pixel: pixel, rows: stepper.rows))
    }
    return images
  }
}

extension ImageShape {
  /// One pixel of every image of a tile of so many rows, the last ones zeros where there are fewer images.
  func levels(of images: [[Float]], pixel: Int, rows: Int) -> [Float] {
    let known = images.flatMap { $0[pixel * channels..<(pixel + 1) * channels] }
    return known + [Float](repeating: 0, count: rows * channels - known.count)
  }
}
