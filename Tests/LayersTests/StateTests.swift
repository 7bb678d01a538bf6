import Layers
import Tensors
import Testing

/// Tensors that are saved with a model and that no gradient trains.
@Suite struct StateTests {
  @Test func aStateIsNamedByItsScopeAndIsNoParameter() {
    let store = ParameterStore(seed: 1)
    let scope = store.root / "encoder" / "norm"
    let mean = scope.state("mean", [3], .constant(0.5))
    let scale = scope.parameter("scale", [3], .constant(1))
    #expect(mean.name == "encoder.norm.mean")
    #expect(mean.value.values == [0.5, 0.5, 0.5])
    #expect(store.states.map(\.name) == ["encoder.norm.mean"])
    #expect(store.parameters.map(\.name) == ["encoder.norm.scale"])
    #expect(store.valueCount == 3)
    #expect((store.root / "encoder").states.map(\.name) == ["encoder.norm.mean"])
    #expect((store.root / "enc").states.isEmpty)
    #expect(
      valueAndGradients(of: [mean.value, scale.value]) { (mean.value * scale.value).sum() }
        .gradients[0] == nil)
  }

  @Test func anAssignedValueIsAConstantInFloat32() {
    let state = ParameterStore().root.state("chain", [2], .constant(0))
    let given = Tensor([1, 2], shape: [2]).variable
    state.assign(given.converted(to: .bfloat16))
    #expect(state.value.values == [1, 2])
    #expect(state.value.elementType == .float32)
    state.assign(given)
    #expect(valueAndGradients(of: [given]) { state.value.sum() }.gradients[0] == nil)
  }

  @Test func statesDoNotChangeTheFirstValuesOfParameters() {
    func values(_ states: Int) -> [Float] {
      let store = ParameterStore(seed: 7)
      let first = store.root.parameter("first", [40], .normal(deviation: 1))
      for index in 0..<states {
        _ = store.root.state("state\(index)", [40], .normal(deviation: 1))
      }
      let second = store.root.parameter("second", [40], .uniform(bound: 1))
      return first.value.values + second.value.values
    }
    #expect(values(0) == values(1))
    #expect(values(0) == values(2))
  }

  @Test func statesAreDrawnFromTheSeedEachItsOwn() {
    func states(seed: UInt64) -> [[Float]] {
      let store = ParameterStore(seed: seed)
      _ = store.root.parameter("parameter", [30], .normal(deviation: 1))
      for name in ["a", "b"] { _ = store.root.state(name, [30], .normal(deviation: 1)) }
      return store.states.map(\.value.values) + store.parameters.map(\.value.values)
    }
    let all = states(seed: 1)
    #expect(all == states(seed: 1))
    #expect(Set(all + states(seed: 2)).count == 6)
  }

  @Test func aFileOfOtherShapesIsRefused() {
    let store = ParameterStore(held: ["kept": [2, 3], "other": [2, 3]])
    let kept = store.root.state("kept", [2, 3], .constant(1))
    let other = store.root.state("other", [3_000_000, 2_000_000], .constant(1))
    _ = store.root.state("missing", [4], .constant(1))
    #expect(kept.value.shape == [2, 3])
    #expect(other.value.shape == [1, 1])
    #expect(store.refused.map(\.name) == ["other", "missing"])
    #expect(store.refused.map(\.shape) == [[3_000_000, 2_000_000], [4]])
  }
}
