import Layers

extension PixelDistribution {
  /// Draws one pixel of an image: every model that draws pixel by pixel does it here.
  ///
  /// - Parameters:
  ///   - pixel: the pixel's place in the image.
  ///   - row: the row of `parameters`, `[rows, parameterCount]`, that describes it.
  ///   - uniforms: the image's numbers, `drawsPerPixel` for each pixel in turn.
  ///   - temperature: 0 takes the mean, rounded; no number is used.
  ///   - levels: the image, `channels` values a pixel; gets the levels drawn.
  func draw(
    pixel: Int, from row: Int, of parameters: UnsafeBufferPointer<Float>, uniforms: [Float],
    temperature: Float, channels: Int, into levels: inout [Float]
  ) {
    let (width, draws) = (parameterCount, drawsPerPixel)
    uniforms.withUnsafeBufferPointer { uniforms in
      levels.withUnsafeMutableBufferPointer { levels in
        let row = UnsafeBufferPointer(rebasing: parameters[row * width..<(row + 1) * width])
        let drawn = UnsafeMutableBufferPointer(
          rebasing: levels[pixel * channels..<(pixel + 1) * channels])
        guard temperature > 0 else {
          mean(parameters: row, levels: drawn)
          for channel in drawn.indices { drawn[channel].round() }
          return
        }
        sample(
          parameters: row,
          uniforms: .init(rebasing: uniforms[pixel * draws..<(pixel + 1) * draws]),
          temperature: temperature, levels: drawn)
      }
    }
  }
}
