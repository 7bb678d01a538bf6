public import Tensors

extension BoltzmannMachine {
  /// The setting.
  public var sweepsToSample: Int { configuration.samplingSweeps }

  /// Goes on from persistent chains; the class is held where it is known.
  public func runChains(
    _ requests: [SampleRequest], _ pass: Pass, visit: (_ sweep: Int, _ levels: Tensor) -> Bool
  ) {
    let machine = units.machine(pass.elementType)
    let holes = Tile(items: requests.map(hole), range: 0..<requests.count).padded
    let (held, random) = (Clamp(holes.map(\.held)), holes.map(\.random))
    var states = Tensor(
      self.states(holes, sweeps: 0, temperature: 1, machine).flatMap { $0 },
      shape: [holes.count, machine.visibleCount])
    var sweep = 0
    repeat {
      states = machine.swept(
        inputs: machine.hiddenInputs(states), scale: 1, bias: machine.visibleBias, held: held,
        random, round: sweep)
      sweep += 1
    } while visit(
      sweep,
      states.sliced(0..<requests.count, axis: 0).sliced(0..<shape.dimensionCount, axis: 1)
        .reshaped(to: [requests.count, shape.height, shape.width, shape.channels]))
  }
}
