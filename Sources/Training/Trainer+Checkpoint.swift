import Layers
import Models
import Tensors

/// Writing and reading checkpoints.
extension Trainer {
  func checkpoint() throws {
    var tensors: [String: Tensor] = [:]
    for (index, parameter) in instance.store.parameters.enumerated() {
      tensors["parameter.\(parameter.name)"] = parameter.value
      tensors["average.\(parameter.name)"] = step.average.values[index]
      tensors["best.\(parameter.name)"] = best[index]
    }
    for (objective, optimizer) in zip(step.objectives, step.optimizers) {
      for (name, tensor) in optimizer.state { tensors["adam.\(objective.name).\(name)"] = tensor }
    }
    try Checkpoint(state: state, tensors: tensors, metadata: identity)
      .write(to: Self.checkpointPath(output))
    try log.write()
  }

  func restore() throws {
    let path = Self.checkpointPath(output)
    let checkpoint = try Checkpoint(contentsOf: path, expecting: identity)
    func all(_ prefix: String) throws -> [Tensor] {
      try instance.store.parameters.map { parameter in
        guard let tensor = checkpoint.tensors["\(prefix).\(parameter.name)"],
          tensor.shape == parameter.value.shape
        else { throw TrainingError("\(path): lacks '\(parameter.name)'; remove it to start again") }
        return tensor
      }
    }
    for (parameter, value) in zip(instance.store.parameters, try all("parameter")) {
      parameter.assign(value)
    }
    state = checkpoint.state
    step.average.restore(try all("average"), step: state.step)
    best = try all("best")
    for (objective, optimizer) in zip(step.objectives, step.optimizers) {
      optimizer.restore(checkpoint.tensors(below: "adam.\(objective.name)."), step: state.step)
    }
    log = TrainingLog(path: TrainingLog.path(for: output), keepingUpTo: state.step)
  }
}
