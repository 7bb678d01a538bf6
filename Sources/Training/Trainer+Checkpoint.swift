import Layers
import Models
import Tensors

/// Writing and reading checkpoints.
extension Trainer {
  func checkpoint() throws {
    var tensors: [String: Tensor] = [:]
    for (place, (name, value)) in kept.enumerated() {
      tensors["present.\(name)"] = value
      tensors["best.\(name)"] = best[place]
    }
    if let average = learner.average {
      for (parameter, value) in zip(instance.store.parameters, average.values) {
        tensors["average.\(parameter.name)"] = value
      }
    }
    let own = learner.state
    for (name, tensor) in own.tensors { tensors["learner.\(name)"] = tensor }
    var metadata = identity
    for (name, number) in own.numbers { metadata["learner.\(name)"] = "\(number)" }
    try Checkpoint(state: state, tensors: tensors, metadata: metadata)
      .write(to: Self.checkpointPath(output))
    try log.write()
  }

  func restore() throws {
    let path = Self.checkpointPath(output)
    let checkpoint = try Checkpoint(contentsOf: path, expecting: identity)
    func damaged(_ what: String) -> TrainingError {
      TrainingError("\(path): lacks \(what); remove it to start again")
    }
    func tensor(_ name: String, like value: Tensor) throws -> Tensor {
      guard let tensor = checkpoint.tensors[name], tensor.shape == value.shape else {
        throw damaged("'\(name)'")
      }
      return tensor
    }
    best = try kept.map { try tensor("best.\($0.name)", like: $0.value) }
    assign(try kept.map { try tensor("present.\($0.name)", like: $0.value) })
    state = checkpoint.state
    if let average = learner.average {
      average.restore(
        try instance.store.parameters.map { try tensor("average.\($0.name)", like: $0.value) },
        step: state.step)
    }
    guard learner.restore(checkpoint.learnerState, step: state.step) else {
      throw damaged("what its learning needs")
    }
    log = TrainingLog(path: TrainingLog.path(for: output), keepingUpTo: state.step)
  }

  /// Everything that a model file keeps of the model as it is: parameters, then states.
  var kept: [(name: String, value: Tensor)] {
    instance.store.parameters.map { ($0.name, $0.value) }
      + instance.store.states.map { ($0.name, $0.value) }
  }

  /// Sets the model to what was kept.
  func assign(_ values: [Tensor]) {
    let parameters = instance.store.parameters
    for (parameter, value) in zip(parameters, values) { parameter.assign(value) }
    for (state, value) in zip(instance.store.states, values.dropFirst(parameters.count)) {
      state.assign(value)
    }
  }
}
