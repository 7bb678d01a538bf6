import Platform

/// Another light on an image: contrast and brightness, and of colours their strength and tint.
///
/// x -> m + (x' - m) g + b with m the image's mean and x' the pixel drawn towards, or away from, its grey; some colour images become
/// grey altogether (Chen et al. 2020, A Simple Framework for Contrastive Learning of Visual Representations, appendix A).
struct ToneChange {
  private let gain: Float
  private let offset: Float
  private let saturation: Float
  private let tints: [Float]

  /// - Parameters:
  ///   - strength: 1 for a usual change; contrast by up to e^0.4 and brightness by a tenth of the range.
  ///   - draws: eight numbers of 0...1.
  init(strength: Float, channels: Int, _ draws: ArraySlice<Float>) {
    let draws = Array(draws)
    func either(_ draw: Int, _ limit: Float) -> Float { (2 * draws[draw] - 1) * limit * strength }
    gain = expf(either(0, 0.4))
    offset = either(1, 0.2)
    saturation = draws[2] < 0.15 * strength ? 0 : expf(either(3, 0.5))
    tints = (0..<channels).map { channels == 1 ? 1 : expf(either(4 + $0 % 4, 0.15)) }
  }

  /// Changes an image whose values are -1...1, channels innermost; they stay so.
  func apply(to image: UnsafeMutableBufferPointer<Float>) {
    let channels = tints.count
    let mean = image.reduce(0, +) / Float(max(1, image.count))
    tints.withUnsafeBufferPointer { tints in
      for start in stride(from: 0, to: image.count, by: channels) {
        var grey: Float = 0
        for channel in 0..<channels { grey += image[start + channel] }
        grey /= Float(channels)
        for channel in 0..<channels {
          let saturated = grey + (image[start + channel] - grey) * saturation
          let tinted = (saturated + 1) * tints[channel] - 1
          image[start + channel] = min(1, max(-1, mean + (tinted - mean) * gain + offset))
        }
      }
    }
  }
}
