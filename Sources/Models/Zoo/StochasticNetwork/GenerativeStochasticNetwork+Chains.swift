public import Tensors

extension GenerativeStochasticNetwork: ChainSampling {
  /// The setting.
  public var sweepsToSample: Int { configuration.steps }

  /// Chains from the mean image.
  public func runChains(
    _ requests: [SampleRequest], _ pass: Pass, visit: (_ sweep: Int, _ levels: Tensor) -> Bool
  ) {
    let holes = requests.map { CompletionRequest(everyPixelOf: shape, $0) }
    walk(Tile(items: holes, range: 0..<holes.count).padded, pass) { step, levels in
      visit(step, levels.sliced(0..<requests.count, axis: 0))
    }
  }

  /// Runs chains in which known pixels are held.
  ///
  /// - Parameters:
  ///   - rows: a tile of requests.
  ///   - temperature: that of what is drawn at a step, from 1.
  ///   - visit: gets each step and what was drawn; false ends the chains.
  func walk(
    _ rows: [CompletionRequest], _ pass: Pass, temperature: (_ step: Int) -> Float = { _ in 1 },
    visit: (_ step: Int, _ levels: Tensor) -> Bool
  ) {
    var walk = Walk(self, labels: rows.map(\.label), rows.map(\.random), pass)
    let held = rows.map { ($0.levels, $0.missing) }
    var levels = begun(held)
    var step = 0
    repeat {
      step += 1
      // Not in one expression: what draws would be the walk before the step.
      let numbers = walk.step(from: levels)
      levels = walk.drawn(numbers, temperature: temperature(step), held: held)
    } while visit(step, levels)
  }
}
