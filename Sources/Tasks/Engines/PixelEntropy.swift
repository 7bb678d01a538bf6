package import Images
import Platform

/// How sure completions are of each pixel: the entropy of its levels over the completions of an image.
package enum PixelEntropy {
  /// Levels beyond this many are taken together, as many neighbours a bin: few completions could not tell more apart.
  static let mostBins = 16

  /// A grey picture: black where all completions agree, as they do on known pixels, white where every bin of levels is
  /// as frequent as the others.
  ///
  /// A sample is 255 H / log(bins), H = -Σ p log p with p the share of the completions whose level falls into a bin, the mean
  /// over the channels. The scale does not depend on the image or on the run; so few completions that bins stay empty
  /// cannot reach white: K of them reach log(K) / log(bins).
  ///
  /// - Parameters:
  ///   - fillings: levels of each completion, `channels` a pixel.
  ///   - levels: values that a level can take.
  package static func picture(
    _ fillings: [[Float]], mask: Mask, channels: Int, levels: Int
  ) -> Image {
    let bins = min(levels, mostBins)
    let pixels = mask.missing.enumerated().map { pixel, isMissing -> UInt8 in
      guard isMissing else { return 0 }
      let sum = (0..<channels).reduce(0.0) { sum, channel in
        var counts = [Int](repeating: 0, count: bins)
        for filling in fillings {
          counts[Int(filling[pixel * channels + channel]) * bins / levels] += 1
        }
        return sum + entropy(counts)
      }
      return UInt8((255 * sum / Double(channels) / log(Double(bins))).rounded())
    }
    return Image(width: mask.width, height: mask.height, format: .grey, pixels: pixels)
  }

  private static func entropy(_ counts: [Int]) -> Double {
    let total = Double(counts.reduce(0, +))
    return counts.reduce(0) { sum, count in
      let share = Double(count) / total
      return count == 0 ? sum : sum - share * log(share)
    }
  }
}
