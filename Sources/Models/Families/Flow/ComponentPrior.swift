import Layers
import Platform
import Tensors

/// What the components of a flow are before it: independent of each other, each of this distribution.
public enum ComponentPrior: String, CaseIterable, Sendable {
  /// The standard normal distribution.
  case normal
  /// The standard logistic distribution.
  case logistic

  /// log p of each row of components, float32 `[rows]`.
  func logDensities(_ components: Tensor) -> Tensor {
    switch self {
    case .logistic: (components.softplus() + (-components).softplus()).sum(axis: 1) * -1
    case .normal:
      (components.squared().sum(axis: 1) + Float(components.shape[1]) * log(2 * Float.pi)) * -0.5
    }
  }

  /// A row of components for each source, `[sources, count]`; a temperature scales them.
  func draws(_ sources: [RandomSource], count: Int, temperature: Float) -> Tensor {
    switch self {
    case .normal: return latentNoise(sources, count: count) * temperature
    case .logistic:
      let draws = Tensor.concatenated(
        sources.map { $0.with(purpose: .latents).uniform([1, count]) }, axis: 0)
      return (draws.log() - (1 - draws).log()) * temperature
    }
  }
}
