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

  /// What estimates for each class tell of images of these classes.
  ///
  /// - Parameters:
  ///   - normalizers: an estimate for each class that is among the labels, in an order that does not depend on the images.
  ///   - nats: the mean by the forward estimate.
  init(_ normalizers: [Normalizer], _ labels: [Int?], nats: Double) {
    func mean(_ estimate: (Normalizer) -> AnnealedEstimate) -> AnnealedEstimate {
      var (value, variance) = (0.0, 0.0)
      for normalizer in normalizers {
        let share = Double(labels.count { $0 == normalizer.label }) / Double(labels.count)
        let estimate = estimate(normalizer)
        value += share * estimate.value
        variance += share * estimate.standardError * share * estimate.standardError
      }
      return AnnealedEstimate(value: value, standardError: variance.squareRoot())
    }
    let forward = mean(\.forward)
    standardError = forward.standardError
    reverse =
      normalizers.allSatisfy { $0.reverse != nil }
      ? Reverse(mean { $0.reverse ?? $0.forward }, forward, nats: nats) : nil
  }
}

extension AnnealingReport.Reverse {
  fileprivate init(_ other: AnnealedEstimate, _ forward: AnnealedEstimate, nats: Double) {
    self.init(nats: nats + other.value - forward.value, standardError: other.standardError)
  }
}

extension AnnealingReport {
  /// The logarithm of a normalising constant, estimated for one class.
  struct Normalizer: Sendable, Equatable {
    /// The class; nil for images of none.
    let label: Int?
    let forward: AnnealedEstimate
    /// From the other side, where asked for.
    let reverse: AnnealedEstimate?

    /// What a model tells of each class that is among some labels, those of none first.
    static func all(
      _ model: any AnnealedScoring, _ labels: [Int?], isReversed: Bool
    ) -> [Normalizer] {
      Set(labels).sorted { ($0 ?? -1) < ($1 ?? -1) }.map { label in
        Normalizer(
          label: label, forward: model.logNormalizer(label: label, .forward),
          reverse: isReversed ? model.logNormalizer(label: label, .reverse) : nil)
      }
    }
  }
}
