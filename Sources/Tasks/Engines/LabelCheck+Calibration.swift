import Models
import Platform
import Tensors
package import Training

extension LabelCheck {
  /// Images that a calibration looks at, at most.
  private static let mostImages = 300

  /// The check as sure as it is right about real images, and never surer than the model.
  ///
  /// Its temperature is the one that finds their labels most probable (Guo et al. 2017, On Calibration of Modern Neural
  /// Networks, section 4.2).
  ///
  /// - Parameter images: those with a label, evenly over the classes, are moved a little each, because the model may
  ///   know them by heart as they are. Where none has a label, the check stays as it is.
  package func calibrated(on images: ImageDataset) -> LabelCheck {
    let chosen = images.keepingLabels(
      perClass: max(1, Self.mostImages / max(1, images.classes.count)), seed: 0)
    let labelled = chosen.labelledPlaces
    let random = RandomSource(seed: 0, purpose: .validation)
    let judged = Tiles.map(labelled) { tile in
      let moved = chosen.batch(tile.padded).warped(
        .light, shape: chosen.shape, random, first: tile.range.lowerBound)
      return Array(logarithms(moved.levels, count: tile.padded.count).prefix(tile.items.count))
    }
    var calibrated = self
    calibrated.temperature = Self.temperature(
      judged, labels: labelled.map { chosen.labels[$0] ?? 0 })
    return calibrated
  }

  /// The temperature, at least 1, at which these labels are most probable.
  ///
  /// Their mean logarithm is concave in the inverse of the temperature, and its slope falls through 0 once.
  package static func temperature(_ logarithms: [[Double]], labels: [Int]) -> Double {
    func slope(_ inverse: Double) -> Double {
      zip(logarithms, labels).reduce(0) { sum, next in
        let (values, label) = next
        let scaled = values.map { $0 * inverse }
        let mean = values.indices.reduce(0) { $0 + softmax(scaled, at: $1) * values[$1] }
        return sum + values[label] - mean
      }
    }
    guard !labels.isEmpty, slope(1) < 0 else { return 1 }
    // By the logarithm of the inverse, to a millionth.
    var (low, high) = (log(1e-9), 0.0)
    while high - low > 1e-6 {
      let middle = (low + high) / 2
      if slope(exp(middle)) < 0 { high = middle } else { low = middle }
    }
    return exp(-(low + high) / 2)
  }
}
