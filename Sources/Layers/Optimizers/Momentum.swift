public import Tensors

/// Stochastic gradient descent with momentum (Polyak 1964; as in Sutskever and others 2013, section 2, with the learning
/// rate outside of the velocity) and decoupled weight decay.
///
/// A step makes `velocity = momentum velocity + gradient` and takes `rate (velocity + weightDecay parameter)` from the
/// parameter. Velocities are float32 and start at zero.
public final class Momentum: Optimizer {
  /// The settings that stay the same through a training.
  public struct Configuration: Sendable {
    /// Share of its velocity that a parameter keeps, in 0 ..< 1; 0 is plain descent.
    public var momentum: Float = 0.9
    /// Share of a parameter that a step of learning rate 1 would remove.
    public var weightDecay: Float = 0

    /// A momentum of 0.9, no weight decay.
    public init() {}
  }

  /// The settings.
  public let configuration: Configuration
  /// Steps made so far.
  public private(set) var step = 0
  private let parameters: [Parameter]
  private let pieces: ParameterPieces
  private var velocities: [Tensor]

  /// An optimiser of these parameters, before its first step.
  public init(_ parameters: [Parameter], _ configuration: Configuration = .init()) {
    self.parameters = parameters
    self.configuration = configuration
    pieces = ParameterPieces(parameters)
    velocities = parameters.map { Tensor(repeating: 0, shape: $0.value.shape) }
  }

  /// Changes every parameter that has a gradient; one that has none keeps its velocity, and stays.
  @discardableResult
  public func update(
    _ gradients: GradientSum, learningRate: Float, clippingNorm: Float
  ) -> Bool {
    guard gradients.norm.isFinite else { return false }
    step += 1
    let scale = gradients.scale(clippedTo: clippingNorm)
    let values = parameters.map(\.value)
    pieces.forEach { [velocities, configuration] piece in
      let index = piece.parameter
      guard let gradient = gradients.values[index] else { return }
      values[index].updateByMomentum(
        gradient: gradient, velocity: velocities[index], learningRate: learningRate,
        momentum: configuration.momentum, weightDecay: configuration.weightDecay,
        gradientScale: scale, range: piece.range)
    }
    return true
  }

  /// The velocities, by name.
  public var state: [String: Tensor] {
    var state: [String: Tensor] = [:]
    for (parameter, velocity) in zip(parameters, velocities) {
      state["\(parameter.name).velocity"] = velocity
    }
    return state
  }

  /// Continues where `state` and `step` were taken; missing names keep their zeros.
  public func restore(_ state: [String: Tensor], step: Int) {
    self.step = step
    velocities = zip(parameters, velocities).map { parameter, velocity in
      state["\(parameter.name).velocity"] ?? velocity
    }
  }
}
