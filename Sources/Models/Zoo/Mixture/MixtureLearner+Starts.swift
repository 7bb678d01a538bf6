import Tensors

extension MixtureLearner {
  /// A component round each of some images that lie far apart, all equally likely.
  package func start(seed: UInt64, restart: Int) -> Estimate {
    let random = RandomSource(
      seed: seed, purpose: .initialization, index: UInt64(1_000_000 + restart))
    let members = seeds(random).enumerated().map { k, image in
      [Membership(image: Int32(image), component: Int32(k), share: 1)]
    }
    var counts = [Double](repeating: 1, count: classes)
    for label in images.labels { if let label, classes > 1 { counts[label] += 1 } }
    return maximized(
      members, counts.map { .init(repeating: $0 / Double(components), count: components) })
  }

  /// Images that lie far apart: each next one is drawn in proportion to its distance from those before (k-means++,
  /// Arthur and Vassilvitskii 2007; for binary images the distance is the squared one).
  private func seeds(_ random: RandomSource) -> [Int] {
    let pool = Array(random.permutation(images.count).prefix(max(1000, 4 * components)))
    let uniforms = random.uniforms(components, from: 2 * images.count)
    var chosen = [pool[0]]
    var distances = [Int](repeating: .max, count: pool.count)
    while chosen.count < components {
      distances = nearer(distances, pool, to: chosen[chosen.count - 1])
      let total = distances.reduce(0, +)
      // Images that are all alike leave nothing to choose by.
      var left = Int(Double(uniforms[chosen.count]) * Double(total))
      let place = distances.firstIndex { distance in
        left -= distance
        return left < 0
      }
      chosen.append(pool[place ?? chosen.count % pool.count])
    }
    return chosen
  }

  /// The smaller of each distance and that to one more image.
  private func nearer(_ distances: [Int], _ pool: [Int], to seed: Int) -> [Int] {
    let chunk = 256
    return ThreadPool.map((pool.count + chunk - 1) / chunk) { number in
      (number * chunk..<min(pool.count, (number + 1) * chunk)).map { place in
        min(distances[place], images.distance(pool[place], seed))
      }
    }.flatMap { $0 }
  }
}

extension MixtureLearner {
  /// A learner of all images of a batch.
  package init(_ batch: ImageBatch, of model: Mixture) {
    var images = BinnedImages(shape: model.shape)
    images.append(batch)
    self.init(
      images, classes: max(1, model.classCount), components: model.configuration.components,
      smoothing: model.configuration.smoothing)
  }
}
