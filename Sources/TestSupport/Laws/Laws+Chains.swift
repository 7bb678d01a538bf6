import Models
import Tensors

extension Laws {
  /// A chain's state after the sweeps to a sample is that sample, whatever chains run beside it; every state is an image; and a
  /// chain goes on.
  public static func chainsLeadToSamples(_ zoo: ZooInstance) throws -> [String] {
    guard let model = try zoo.shaken().model as? any ChainSampling else { return ["no chains"] }
    let requests = zoo.requests(9)
    let (last, size) = (model.sweepsToSample + 3, zoo.shape.dimensionCount)
    func states(_ requests: [SampleRequest]) -> [[Float]] {
      var states: [[Float]] = []
      model.runChains(requests, Pass()) { sweep, levels in
        if sweep != states.count + 1 || levels.shape[0] != requests.count { states.append([]) }
        states.append(levels.values)
        return sweep < last
      }
      return states
    }
    let whole = states(requests)
    guard whole.count == last, whole.allSatisfy({ $0.count == requests.count * size }) else {
      return ["\(whole.count) states for \(last) sweeps, or not of \(requests.count) images"]
    }
    var found = whole.flatMap { strayLevels($0, zoo.shape) }
    let samples = model.samples(requests, temperature: 1, Pass()).flatMap(\.levels)
    if model.sweepsToSample > 0, whole[model.sweepsToSample - 1] != samples {
      found.append("after \(model.sweepsToSample) sweeps a chain is not at its sample")
    }
    let alone = states([requests[4]])
    if alone != whole.map({ Array($0[4 * size..<5 * size]) }) {
      found.append("alone a chain has other states")
    }
    if size > 8, Set(whole.suffix(4)).count == 1 { found.append("the chains stand still") }
    return found
  }
}
