import Layers
import Platform
import Tensors

/// The probability of each of these pixels under one pixel's parameters.
func probabilities(
  _ distribution: any PixelDistribution, _ parameters: [Float], _ pixels: [[Float]]
) -> [Double] {
  let repeated = pixels.flatMap { _ in parameters }
  let losses = distribution.negativeLogLikelihood(
    parameters: Tensor(repeated, shape: [pixels.count, parameters.count]),
    levels: Tensor(pixels.flatMap { $0 }, shape: [pixels.count, pixels[0].count]))
  return losses.values.map { exp(-Double($0)) }
}

/// The levels of so many draws, one array a pixel.
func draws(
  _ distribution: any PixelDistribution, _ parameters: [Float], channels: Int, count: Int,
  temperature: Float = 1
) -> [[Float]] {
  let uniforms = RandomSource(seed: 4, purpose: .testing).uniforms(
    count * distribution.drawsPerPixel)
  return (0..<count).map { index in
    var levels = [Float](repeating: -1, count: channels)
    parameters.withUnsafeBufferPointer { parameters in
      uniforms.withUnsafeBufferPointer { uniforms in
        levels.withUnsafeMutableBufferPointer { levels in
          let start = index * distribution.drawsPerPixel
          distribution.sample(
            parameters: parameters,
            uniforms: .init(rebasing: uniforms[start..<start + distribution.drawsPerPixel]),
            temperature: temperature, levels: levels)
        }
      }
    }
    return levels
  }
}
