import Layers
import Tensors

/// How a recurrent layer carries its state on.
public enum RecurrentKind: String, CaseIterable, Sendable {
  /// Gated recurrent units (Cho and others 2014).
  case gru
  /// Long short-term memory (Hochreiter and Schmidhuber 1997), the forget gate raised by one.
  case lstm

  /// Numbers that the inputs give a unit.
  var gates: Int { self == .gru ? 3 : 4 }
}

/// One layer of a recurrent network: what its gates get from inputs and from the state of the step before, and what they make of it.
struct RecurrentCell: Sendable {
  /// What is carried from step to step, float32 `[images, units]` each; a cell where there is one.
  struct Memory {
    var state: Tensor
    var cell: Tensor?

    /// What there is before the first step.
    init(_ kind: RecurrentKind, images: Int, units: Int) {
      state = Tensor(repeating: 0, shape: [images, units])
      cell = kind == .lstm ? state : nil
    }

    /// A copy whose image i is image `sources[i]`.
    func copied(_ sources: [Int]) -> Memory {
      let places = sources.map(Int32.init)
      var copy = self
      copy.state = state.embedded(places)
      copy.cell = cell?.embedded(places)
      return copy
    }
  }

  private let units: Int
  /// What the inputs give to the gates.
  let inputs: Linear
  /// `[gates * units, units]`.
  private let weights: Parameter
  /// `[units]`, of the product behind the reset gate; long short-term memory needs none.
  private let bias: Parameter?

  /// Registers a layer under `scope`.
  init(_ scope: Scope, _ kind: RecurrentKind, inputs: Int, units: Int) {
    self.units = units
    self.inputs = Linear(scope / "inputs", inputs, kind.gates * units)
    weights = scope.parameter(
      "states.weight", [kind.gates * units, units], .scaled(inputs: units, gain: 1))
    bias = kind == .gru ? scope.parameter("states.bias", [units], .constant(0)) : nil
  }

  /// The states of all steps, `[images, steps, units]`, from what the inputs give to the gates, `[images, steps, gates * units]`.
  func states(_ sums: Tensor) -> Tensor {
    if let bias { return sums.gatedRecurrence(weights: weights.value, bias: bias.value) }
    let (images, steps) = (sums.shape[0], sums.shape[1])
    // A row of one place, whose gates read the state above.
    return sums.permuted([1, 0, 2]).reshaped(to: [steps, images, 1, 4 * units])
      .convolutionalMemory(weights: weights.value.reshaped(to: [4 * units, units, 1, 1]), left: 0)
      .reshaped(to: [steps, images, units]).permuted([1, 0, 2])
  }

  /// One step, from what the inputs give to the gates, float32 `[images, gates * units]`.
  ///
  /// - Parameter type: what the product is computed in, as in `states`.
  func step(_ sums: Tensor, _ memory: Memory, _ type: ElementType) -> Memory {
    let products = memory.state.converted(to: type).linear(weights: weights.value)
      .converted(to: .float32)
    var next = memory
    if let bias {
      let (a, b) = (sums.split(into: 3, axis: 1), products.split(into: 3, axis: 1))
      let (reset, update) = ((a[0] + b[0]).sigmoid(), (a[1] + b[1]).sigmoid())
      let new = (a[2] + reset * (b[2] + bias.value)).tanh()
      next.state = new + update * (memory.state - new)
    } else if let cell = memory.cell {
      let made = longShortTermStep(gates: sums + products, cell: cell)
      (next.state, next.cell) = (made.state, made.cell)
    }
    return next
  }
}
