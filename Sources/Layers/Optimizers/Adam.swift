public import Tensors

/// Adam (Kingma and Ba 2015, algorithm 1) with decoupled weight decay (Loshchilov and Hutter 2019,
/// algorithm 2).
///
/// Moments are float32 and start at zero.
public final class Adam: Optimizer {
  /// The settings that stay the same through a training.
  public struct Configuration: Sendable {
    /// Decay of the running mean of gradients.
    public var beta1: Float = 0.9
    /// Decay of the running mean of squared gradients.
    public var beta2: Float = 0.999
    /// Added to the root of the second moment.
    public var epsilon: Float = 1e-8
    /// Share of a parameter that a step of learning rate 1 would remove.
    public var weightDecay: Float = 0

    /// The paper's settings.
    public init() {}
  }

  /// The settings.
  public let configuration: Configuration
  /// Steps made so far.
  public private(set) var step = 0
  private let parameters: [Parameter]
  private let pieces: ParameterPieces
  private var moments: [(first: Tensor, second: Tensor)]

  /// An optimiser of these parameters, before its first step.
  public init(_ parameters: [Parameter], _ configuration: Configuration = .init()) {
    self.parameters = parameters
    self.configuration = configuration
    pieces = ParameterPieces(parameters)
    moments = parameters.map {
      (Tensor(repeating: 0, shape: $0.value.shape), Tensor(repeating: 0, shape: $0.value.shape))
    }
  }

  /// Changes every parameter that has a gradient; one that has none keeps its moments, and stays.
  @discardableResult
  public func update(
    _ gradients: GradientSum, learningRate: Float, clippingNorm: Float
  ) -> Bool {
    guard gradients.norm.isFinite else { return false }
    step += 1
    let scale = gradients.scale(clippedTo: clippingNorm)
    let values = parameters.map(\.value)
    pieces.forEach { [moments, configuration, step] piece in
      let index = piece.parameter
      guard let gradient = gradients.values[index] else { return }
      values[index].updateByAdam(
        gradient: gradient, firstMoment: moments[index].first, secondMoment: moments[index].second,
        learningRate: learningRate, beta1: configuration.beta1, beta2: configuration.beta2,
        epsilon: configuration.epsilon, weightDecay: configuration.weightDecay,
        gradientScale: scale, step: step, range: piece.range)
    }
    return true
  }

  /// Both moments, by name.
  public var state: [String: Tensor] {
    var state: [String: Tensor] = [:]
    for (parameter, moments) in zip(parameters, moments) {
      state["\(parameter.name).first_moment"] = moments.first
      state["\(parameter.name).second_moment"] = moments.second
    }
    return state
  }

  /// Continues where `state` and `step` were taken; missing names keep their zeros.
  public func restore(_ state: [String: Tensor], step: Int) {
    self.step = step
    moments = zip(parameters, moments).map { parameter, moments in
      (
        state["\(parameter.name).first_moment"] ?? moments.first,
        state["\(parameter.name).second_moment"] ?? moments.second
      )
    }
  }
}
