import Tensors

/// The numbers of a restricted Boltzmann machine, E(v, h) = -b·v - a·h - h·W v, and its Gibbs sampling.
///
/// Visible units are pixels, after them those of a second hidden layer where there is one, and the units of a class, exactly one of which is 1. All are constants: what
/// is drawn has no gradient.
struct RestrictedMachine: Sendable {
  /// Float32 `[hidden, visible]`.
  let weights: Tensor
  /// Float32 `[visible]`.
  let visibleBias: Tensor
  /// Float32 `[hidden]`.
  let hiddenBias: Tensor
  /// Visible units that are coins of their own: pixels, and a second hidden layer.
  let binaryCount: Int
  private let elementType: ElementType

  /// A machine whose sums are of this type.
  init(
    weights: Tensor, visibleBias: Tensor, hiddenBias: Tensor, binaryCount: Int,
    _ elementType: ElementType
  ) {
    self.weights = weights.detached
    self.visibleBias = visibleBias.detached
    self.hiddenBias = hiddenBias.detached
    self.binaryCount = binaryCount
    self.elementType = elementType
  }

  /// Visible units.
  var visibleCount: Int { weights.shape[1] }
  /// Hidden units.
  var hiddenCount: Int { weights.shape[0] }
  /// Random numbers that a sweep takes of each row.
  private var drawsPerSweep: Int { hiddenCount + visibleCount }

  /// What each hidden unit is pulled by, a + W v; float32 `[rows, hidden]`.
  func hiddenInputs(_ units: Tensor) -> Tensor {
    units.converted(to: elementType).linear(weights: weights, bias: hiddenBias)
      .converted(to: .float32)
  }

  /// What each visible unit is pulled by beside its bias, Wᵀh; float32 `[rows, visible]`.
  func visibleInputs(_ hidden: Tensor) -> Tensor {
    hidden.converted(to: elementType).linearBackwards(weights: weights).converted(to: .float32)
  }

  /// Draws visible units from what they are pulled by.
  ///
  /// - Parameters:
  ///   - random: the numbers of each row.
  ///   - first: the first draw that may be taken.
  func drawVisible(
    _ inputs: Tensor, held: Clamp?, _ random: [RandomSource], from first: Int
  ) -> Tensor {
    let pixels = inputs.sliced(0..<binaryCount, axis: 1).bernoulli(random, from: first)
    guard visibleCount > binaryCount else { return held?.applied(to: pixels) ?? pixels }
    let ofClass = inputs.sliced(binaryCount..<visibleCount, axis: 1)
      .categorical(random, draw: first + binaryCount)
    let units = Tensor.concatenated([pixels, ofClass], axis: 1)
    return held?.applied(to: units) ?? units
  }

  /// Hidden units given the visible ones, then visible ones given these, at an inverse temperature.
  ///
  /// - Parameters:
  ///   - inputs: `hiddenInputs` of the present visible units.
  ///   - bias: of visible units, already scaled.
  ///   - round: the number of this sweep; each has random numbers of its own.
  func swept(
    inputs: Tensor, scale: Float, bias: Tensor, held: Clamp?, _ random: [RandomSource], round: Int
  ) -> Tensor {
    let first = round * drawsPerSweep
    let hidden = (inputs * scale).bernoulli(random, from: first)
    return drawVisible(
      visibleInputs(hidden) * scale + bias, held: held, random, from: first + hiddenCount)
  }

  /// Visible units after so many sweeps from these.
  func swept(
    _ units: Tensor, sweeps: Int, temperature: Float = 1, held: Clamp? = nil,
    _ random: [RandomSource]
  ) -> Tensor {
    let (scale, bias) = (1 / temperature, visibleBias * (1 / temperature))
    var units = held?.applied(to: units) ?? units
    for round in 0..<sweeps {
      units = swept(
        inputs: hiddenInputs(units), scale: scale, bias: bias, held: held, random, round: round)
    }
    return units
  }
}
