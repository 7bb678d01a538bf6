import Models

/// How sure a mean likelihood is whose normalising constant is estimated.
public struct AnnealingReport: Sendable, Equatable {
  /// The standard error of the mean that the estimate alone brings, in nats.
  public let standardError: Double
  /// Mean nats an image, and their standard error of this kind, by the estimate from the other side, where asked for: most
  /// likely too many, as the others are too few.
  public let reverse: Reverse?

  /// What the estimate from the other side says.
  public struct Reverse: Sendable, Equatable {
    /// Mean nats an image.
    public let nats: Double
    /// Their standard error that the estimate alone brings.
    public let standardError: Double
  }

  /// What a model tells of images of these classes.
  ///
  /// - Parameter nats: the mean by the forward estimate.
  init(_ model: any AnnealedScoring, _ labels: [Int?], nats: Double, isReversed: Bool) {
    func mean(_ direction: AnnealingDirection) -> AnnealedEstimate {
      var (value, variance) = (0.0, 0.0)
      for label in Set(labels) {
        let share = Double(labels.count { $0 == label }) / Double(labels.count)
        let estimate = model.logNormalizer(label: label, direction)
        value += share * estimate.value
        variance += share * estimate.standardError * share * estimate.standardError
      }
      return AnnealedEstimate(value: value, standardError: variance.squareRoot())
    }
    let forward = mean(.forward)
    standardError = forward.standardError
    if isReversed {
      let other = mean(.reverse)
      reverse = Reverse(
        nats: nats + other.value - forward.value, standardError: other.standardError)
    } else {
      reverse = nil
    }
  }
}
