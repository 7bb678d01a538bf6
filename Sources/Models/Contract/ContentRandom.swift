package import Tensors

extension ImageBatch {
  /// Random numbers for each image that depend on its levels alone, so that an estimate is a function of
  /// the image, whatever else is in the batch.
  package func contentRandom(seed: UInt64, purpose: RandomSource.Purpose) -> [RandomSource] {
    let size = levels.count / max(1, count)
    return levels.withValues { values in
      (0..<count).map { image in
        var hash = StableHash()
        for value in values[image * size..<(image + 1) * size] { hash.take(UInt64(value)) }
        return RandomSource(seed: seed, purpose: purpose, index: hash.value)
      }
    }
  }

  /// Numbers for the noise of each image: the pass's while learning, else the image's own.
  package func noiseSources(_ pass: Pass) -> [RandomSource] {
    pass.noise.map { noise in (0..<count).map { noise.derived($0) } }
      ?? contentRandom(seed: 0, purpose: .validation)
  }
}
