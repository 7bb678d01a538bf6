/// Which optimiser turns gradients into steps, and its settings.
public enum OptimizerKind: Sendable {
  /// Adam.
  case adam(Adam.Configuration = .init())
  /// Gradient descent with momentum.
  case momentum(Momentum.Configuration = .init())

  /// An optimiser of these parameters, before its first step.
  public func make(_ parameters: [Parameter]) -> any Optimizer {
    switch self {
    case .adam(let configuration): Adam(parameters, configuration)
    case .momentum(let configuration): Momentum(parameters, configuration)
    }
  }
}
