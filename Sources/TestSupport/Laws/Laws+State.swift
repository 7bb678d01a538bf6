import Layers
import Models
import Tensors

extension Laws {
  /// What an update makes of a state depends on the pass's noise, not on chance or the number of threads; updates change
  /// some state.
  public static func stateUpdatesRepeat(_ zoo: ZooInstance) throws -> [String] {
    func states(threads: Int, updates: Int = 3) throws -> [[Float]] {
      let instance = try zoo.shaken()
      guard let model = instance.model as? any Stateful else { return [] }
      withThreads(threads) {
        for step in 0..<updates {
          let noise = RandomSource(seed: 61, purpose: .particles).at(step)
          model.updateState(after: zoo.batch(12), Pass(noise: noise, step: step))
        }
      }
      return instance.store.states.map(\.value.values)
    }
    let first = try states(threads: 2)
    guard !first.isEmpty else { return ["no state"] }
    var found: [String] = []
    if try states(threads: 2) != first { found.append("once more it comes to another state") }
    if try states(threads: 1) != first { found.append("one thread comes to another state") }
    if try states(threads: 2, updates: 0) == first { found.append("updates change nothing") }
    return found
  }
}
