import Tensors
import Training

/// Which images each step of a classifier's training learns from, a function of (seed, step) alone.
///
/// Real and generated images each come in shuffles of their own, so that training sets of one seed
/// share the order of their real images.
struct MixedBatches {
  private let size: Int
  private let generatedCount: Int
  private var real: ShuffledCycle
  private var generated: ShuffledCycle

  /// Batches of this size, of which generated images make up a share of 0...1.
  init(real: [Int], generated: [Int], generatedShare share: Double, size: Int, seed: UInt64) {
    let random = RandomSource(seed: seed, purpose: .shuffling)
    self.size = size
    self.real = ShuffledCycle(real, random: { random.at($0) })
    self.generated = ShuffledCycle(generated, random: { random.at(-1 - $0) })
    let count = Int((Double(size) * share).rounded())
    // A mix has at least one of each, however small the share.
    let isMix = share > 0 && share < 1 && size > 1
    generatedCount = isMix ? min(size - 1, max(1, count)) : count
  }

  /// Batches of this size of images that are all alike.
  init(all images: [Int], size: Int, seed: UInt64) {
    self.init(real: images, generated: [], generatedShare: 0, size: size, seed: seed)
  }

  /// The images of a step, counted from 0; generated ones are spread evenly over the batch.
  mutating func batch(_ step: Int) -> [Int] {
    let realCount = size - generatedCount
    var known = real[step * realCount..<(step + 1) * realCount].makeIterator()
    var drawn = generated[step * generatedCount..<(step + 1) * generatedCount].makeIterator()
    return (0..<size).compactMap { place in
      let isDrawn = (place + 1) * generatedCount / size > place * generatedCount / size
      return isDrawn ? drawn.next() : known.next()
    }
  }
}
