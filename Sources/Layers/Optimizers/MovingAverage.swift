public import Tensors

/// An exponential average of parameters over the last steps, often better than the last ones
/// (Polyak and Juditsky 1992).
///
/// Early on its memory is shorter: decay is at most `(1 + n) / (10 + n)`.
public final class MovingAverage {
  /// Share of the average that a step keeps, once it is long under way.
  public let decay: Float
  /// Steps averaged so far.
  public private(set) var step: Int
  private let parameters: [Parameter]
  private let pieces: ParameterPieces
  /// The averages, in the parameters' order.
  public private(set) var values: [Tensor]

  /// An average that starts at the parameters' present values.
  public init(_ parameters: [Parameter], decay: Float) {
    self.parameters = parameters
    self.decay = decay
    pieces = ParameterPieces(parameters)
    step = 0
    values = parameters.map { $0.value.copied }
  }

  /// Whether the average has forgotten where it began: but for a fiftieth, it is made of the last steps.
  public var isSettled: Bool { Float(step) * (1 - decay) >= 4 }

  /// Takes the parameters' present values in.
  public func update() {
    step += 1
    let decay = min(decay, Float(1 + step) / Float(10 + step))
    let present = parameters.map(\.value)
    pieces.forEach { [values] piece in
      values[piece.parameter].updateMovingAverage(
        of: present[piece.parameter], decay: decay, range: piece.range)
    }
  }

  /// Continues an average that was taken from a checkpoint.
  public func restore(_ values: [Tensor], step: Int) {
    precondition(values.count == self.values.count)
    self.values = values
    self.step = step
  }

  /// Runs `body` while the parameters hold the averages.
  public func whileApplied<Result>(_ body: () throws -> Result) rethrows -> Result {
    let present = parameters.map(\.value)
    for (parameter, average) in zip(parameters, values) { parameter.assign(average.copied) }
    defer { for (parameter, value) in zip(parameters, present) { parameter.assign(value) } }
    return try body()
  }
}
