/// What a likelihood is: scores of unlike kinds are never compared unlabelled.
public enum ScoreKind: Hashable, Sendable, CustomStringConvertible {
  /// The model's own probability.
  case exact
  /// An evidence lower bound: the probability is at least this.
  case lowerBound
  /// The density of dequantised images, E log p(x + u): a lower bound of the discrete image's probability (Theis and others
  /// 2016, A Note on the Evaluation of Generative Models, section 3.1).
  case dequantizedDensity
  /// An importance estimate with this many samples.
  case importanceEstimate(samples: Int)
  /// A probability whose normalising constant is estimated by annealed importance sampling with this many chains: too
  /// high in the mean, the less so the more chains there are.
  case annealedEstimate(chains: Int)
  /// A lower bound but for its normalising constant, which is estimated by annealed importance sampling with this many chains.
  case annealedBound(chains: Int)

  /// Such as `importance estimate (500 samples)`.
  public var description: String {
    switch self {
    case .exact: "exact"
    case .lowerBound: "lower bound"
    case .dequantizedDensity: "density of dequantised images, a lower bound"
    case .importanceEstimate(let samples): "importance estimate (\(samples) samples)"
    case .annealedEstimate(let chains): "annealed importance estimate (\(chains) chains)"
    case .annealedBound(let chains):
      "annealed importance estimate of a lower bound (\(chains) chains)"
    }
  }
}
