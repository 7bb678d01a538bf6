package import Tensors

/// A place for an image of a plan, and the samples that it has had.
package struct SamplePlace: Sendable {
  /// Places of images of one class, and tries for one place, are fewer than this.
  package static let (mostNumbers, mostTries) = (1 << 24, 1 << 16)

  /// The place of its class in the plan.
  package let group: Int
  /// The class in the model.
  package let label: Int?
  /// 1 for the first image of the class.
  package let number: Int
  /// Samples that were rejected.
  package var rejected = 0

  /// A place that has had no sample.
  package init(group: Int, label: Int?, number: Int) {
    self.group = group
    self.label = label
    self.number = number
  }

  /// The same place after so many more samples were rejected.
  func after(rejecting count: Int) -> SamplePlace {
    var place = self
    place.rejected += count
    return place
  }

  /// The random numbers of the next sample: they depend on class, number and tries alone.
  package func random(seed: UInt64) -> RandomSource {
    let stream = ((label ?? -1) + 1) * Self.mostNumbers + number
    return RandomSource(seed: seed, purpose: .sampling).at(stream * Self.mostTries + rejected)
  }
}
