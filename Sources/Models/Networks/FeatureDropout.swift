import Layers
import Tensors

/// Dropout in several places of a network while it learns, each by numbers of its own; nothing while it is only used.
struct FeatureDropout: Sendable {
  private let rate: Float
  private let random: RandomSource?

  /// No dropout.
  static let none = FeatureDropout(0, random: nil)

  /// - Parameters:
  ///   - rate: in 0 ..< 1.
  ///   - random: the numbers of one network in one step; nil where nothing is dropped.
  init(_ rate: Double, random: RandomSource?) {
    self.rate = Float(rate)
    self.random = rate > 0 ? random : nil
  }

  /// The features, some of them dropped; `place` tells layers apart, at most 64 of them.
  func callAsFunction(_ features: Tensor, at place: Int) -> Tensor {
    guard let random else { return features }
    return features.droppedOut(
      rate: rate, random.at(Int(truncatingIfNeeded: random.index &* 64) + place))
  }

  /// Features plus new ones, of which some are dropped; where none are, `make` adds them to what it is given by itself.
  func added(to features: Tensor, at place: Int, _ make: (Tensor?) -> Tensor) -> Tensor {
    random == nil ? make(features) : features + self(make(nil), at: place)
  }
}
