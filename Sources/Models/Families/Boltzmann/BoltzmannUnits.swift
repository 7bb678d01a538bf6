import Layers
import Tensors

/// The parameters of a Boltzmann machine, its persistent chains and the offsets of its units.
///
/// E(u, y, h) = -(u - β)·b - c_y - (h - α)·(a + W (u - β) + U_y), u being the pixels and after them the second hidden layer, h the
/// first one; α and β are the offsets, 0 where units are not centred. It is an ordinary machine of other biases: that is what everything
/// but learning sees.
public struct BoltzmannUnits: Sendable {
  /// W `[hidden, binary]`, a `[hidden]`, b `[binary]`.
  let weight, hiddenBias, visibleBias: Parameter
  /// U `[classes, hidden]`, c `[classes]`.
  let classWeight, classBias: Parameter?
  let parameters: [Parameter]
  /// Float32 `[chains, binary + classes]`.
  let chains: StateTensor
  /// Those of lower inverse temperatures, float32 `[(temperatures - 1) chains, binary + classes]`.
  let tempered: StateTensor?
  /// α `[hidden]`, β `[binary]`.
  let offsets: (hidden: StateTensor, visible: StateTensor)?
  /// Pixels, and units of the second hidden layer.
  let pixelCount, upperCount: Int
  let classCount: Int
  let normalizers = KeptValue<AnnealedEstimate>()

  /// Registers everything under `scope`.
  ///
  /// - Parameter upper: units of the second hidden layer.
  init<Configuration: BoltzmannConfiguration>(
    _ configuration: Configuration, pixels: Int, upper: Int = 0, classCount: Int, scope: Scope
  ) {
    let (hidden, binary) = (configuration.hidden, pixels + upper)
    (pixelCount, upperCount) = (pixels, upper)
    self.classCount = classCount
    weight = scope.parameter("weight", [hidden, binary], .normal(deviation: 0.01))
    hiddenBias = scope.parameter("hidden_bias", [hidden], .constant(0))
    visibleBias = scope.parameter("visible_bias", [binary], .constant(0))
    (classWeight, classBias) =
      classCount > 0
      ? (
        scope.parameter("class_weight", [classCount, hidden], .normal(deviation: 0.01)),
        scope.parameter("class_bias", [classCount], .constant(0))
      ) : (nil, nil)
    parameters = scope.parameters
    func noise(_ name: String, _ rows: Int) -> StateTensor {
      let state = scope.state(name, [rows, binary + classCount], .uniform(bound: 1))
      // Noise until the first sweep, in the units of a class too.
      state.assign(state.value.less(than: Tensor(0)))
      return state
    }
    chains = noise("chains", configuration.chains)
    tempered =
      configuration.temperatures > 1
      ? noise("tempered", (configuration.temperatures - 1) * configuration.chains) : nil
    offsets =
      configuration.centring == .moving
      ? (
        scope.state("offsets.hidden", [hidden], .constant(0.5)),
        scope.state("offsets.visible", [binary], .constant(0.5))
      ) : nil
  }

  /// Pixels and second hidden layer.
  var binaryCount: Int { pixelCount + upperCount }

  /// a - W β, float32 `[hidden]`; gradients flow to both.
  private var pulled: Tensor {
    guard let offsets else { return hiddenBias.value }
    let row = offsets.visible.value.reshaped(to: [1, binaryCount])
    return hiddenBias.value
      - row.linear(weights: weight.value).reshaped(to: hiddenBias.value.shape)
  }

  /// What pulls hidden units for each class, float32 `[images, classes, hidden]`.
  ///
  /// - Parameter binary: float32 `[images, binary]`, or `[images, pixels]`: then the second layer pulls nothing.
  func hiddenInputs(_ binary: Tensor, _ pass: Pass) -> Tensor {
    let columns = binary.shape[1]
    let weights =
      columns == binaryCount ? weight.value : weight.value.sliced(0..<columns, axis: 1)
    let inputs = binary.converted(to: pass.elementType)
      .linear(weights: weights, bias: pulled).converted(to: .float32)
      .reshaped(to: [binary.shape[0], 1, weight.value.shape[0]])
    return classWeight.map { inputs + $0.value } ?? inputs
  }

  /// What pulls hidden units of the class of each row, float32 `[images, hidden]`.
  func hiddenInputs(_ binary: Tensor, of labels: [Int?], _ pass: Pass) -> Tensor {
    let inputs = hiddenInputs(binary, pass)
    guard classCount > 0 else { return inputs.reshaped(to: [labels.count, weight.value.shape[0]]) }
    let chosen = Tensor(
      labels.flatMap { label in (0..<classCount).map { label == $0 ? 1 : 0 } },
      shape: [labels.count, classCount, 1])
    return (inputs * chosen).sum(axis: 1)
  }

  /// The first and the second hidden layer alone, as a machine without a bias of the first.
  func upperMachine(_ type: ElementType) -> RestrictedMachine {
    let range = pixelCount..<binaryCount
    return RestrictedMachine(
      weights: weight.value.detached.sliced(range, axis: 1),
      visibleBias: ordinary.binary.sliced(range, axis: 0),
      hiddenBias: Tensor(repeating: 0, shape: hiddenBias.value.shape), binaryCount: upperCount, type
    )
  }

  /// -F(u, y) without the binary units' own part b·(u - β), float32 `[images, classes]`.
  ///
  /// That of other classes is far too low where the class is known. A single column without classes.
  func classScores(_ binary: Tensor, _ labels: [Int?], _ pass: Pass) -> Tensor {
    let inputs = hiddenInputs(binary, pass)
    var scores = inputs.softplus().sum(axis: 2)
    if let offsets { scores = scores - (inputs * offsets.hidden.value).sum(axis: 2) }
    guard let classBias else { return scores }
    let other = Tensor(shape: scores.shape) { buffer in
      for i in buffer.indices {
        let label = labels[i / classCount]
        buffer[i] = label == nil || label == i % classCount ? 0 : -1e9
      }
    }
    return scores + classBias.value + other
  }

  /// F(u, y), or where the class is not known F(u) = -log Σ_y exp(-F(u, y)); float32 `[images]`.
  func freeEnergies(_ binary: Tensor, _ labels: [Int?], _ pass: Pass) -> Tensor {
    let uncentred =
      -(classScores(binary, labels, pass).logSumExp(axis: 1)
      + (binary * visibleBias.value).sum(axis: 1))
    guard let offsets else { return uncentred }
    // As an ordinary machine counts them, which has no constant α·(a - W β).
    return uncentred - (pulled * offsets.hidden.value).sum()
  }

  /// The biases of the ordinary machine: b - Wᵀα, c - U α.
  private var ordinary: (binary: Tensor, classes: Tensor?) {
    let (binary, classes) = (visibleBias.value.detached, classBias?.value.detached)
    guard let offsets else { return (binary, classes) }
    return (
      binary - weighted(offsets.hidden.value),
      classWeight.flatMap { weight in
        classes.map { $0 - (weight.value.detached * offsets.hidden.value).sum(axis: 1) }
      }
    )
  }

  /// Wᵀα, float32 `[binary]`.
  private func weighted(_ hidden: Tensor) -> Tensor {
    hidden.reshaped(to: [1, hidden.count]).linearBackwards(weights: weight.value.detached)
      .reshaped(to: [binaryCount])
  }

  /// The ordinary machine, with the classes among its visible units.
  func machine(_ type: ElementType) -> RestrictedMachine {
    var (weights, bias) = (weight.value.detached, ordinary.binary)
    if let classWeight, let classBias = ordinary.classes {
      weights = Tensor.concatenated([weights, classWeight.value.detached.transposed()], axis: 1)
      bias = Tensor.concatenated([bias, classBias], axis: 0)
    }
    return RestrictedMachine(
      weights: weights, visibleBias: bias, hiddenBias: pulled, binaryCount: binaryCount, type)
  }

  /// What a normalising constant depends on.
  var tensors: [Tensor] {
    parameters.map(\.value) + [chains.value]
      + (offsets.map { [$0.hidden.value, $0.visible.value] } ?? [])
  }

  /// Sets the log-odds of pixels that nothing pulls, and their offsets to their rates.
  func begin(_ pixels: Tensor) {
    let odds = Tensor.concatenated(
      [RestrictedMachine.logOdds(pixels)]
        + (upperCount > 0 ? [Tensor(repeating: 0, shape: [upperCount])] : []), axis: 0)
    visibleBias.assign(odds)
    guard let offsets else { return }
    offsets.visible.assign(odds.sigmoid())
    visibleBias.assign(odds + weighted(offsets.hidden.value))
  }

  /// Moves offsets by this share of the way to means; the ordinary machine stays as it is.
  ///
  /// - Parameters:
  ///   - hidden: float32 `[hidden]`.
  ///   - binary: float32 `[binary]`.
  func moveOffsets(hidden: Tensor, binary: Tensor, rate: Float) {
    guard let offsets else { return }
    let (before, hiddenBefore) = (ordinary, pulled.detached)
    offsets.hidden.assign(offsets.hidden.value * (1 - rate) + hidden * rate)
    offsets.visible.assign(offsets.visible.value * (1 - rate) + binary * rate)
    visibleBias.assign(before.binary + weighted(offsets.hidden.value))
    let row = offsets.visible.value.reshaped(to: [1, binaryCount])
    hiddenBias.assign(
      hiddenBefore
        + row.linear(weights: weight.value.detached).reshaped(to: hiddenBefore.shape))
    if let classWeight, let classBias, let classes = before.classes {
      classBias.assign(
        classes + (classWeight.value.detached * offsets.hidden.value).sum(axis: 1))
    }
  }
}
