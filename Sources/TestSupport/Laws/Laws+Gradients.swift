import Layers
import Models
import Platform
import Tensors

extension Laws {
  /// The loss is finite, and every parameter gets a gradient from exactly one objective.
  public static func everyParameterLearns(_ zoo: ZooInstance) throws -> [String] {
    let instance = try zoo.shaken()
    let model = instance.model
    if model is any ClosedForm {
      return model.objectives.isEmpty ? [] : ["a closed form has no objective to descend"]
    }
    var found: [String] = []
    var owners: [String: Int] = [:]
    for objective in model.objectives {
      let noise = RandomSource(seed: 5, purpose: .dropout)
      let (loss, gradients) = valueAndGradients(of: objective.parameters.map(\.value)) {
        objective.loss(zoo.batch(12), Pass(noise: noise))
      }
      if !loss.scalar.isFinite { found.append("the loss is \(loss.scalar)") }
      for (parameter, gradient) in zip(objective.parameters, gradients) {
        owners[parameter.name, default: 0] += 1
        guard let gradient, gradient.shape == parameter.value.shape else {
          found.append("\(parameter.name) has no gradient")
          continue
        }
        let largest = largest(gradient.values)
        if !(largest > 0 && largest.isFinite) {
          found.append("\(parameter.name) has gradients up to \(largest)")
        }
      }
    }
    for parameter in instance.store.parameters where owners[parameter.name] != 1 {
      found.append("\(parameter.name) has \(owners[parameter.name] ?? 0) objectives")
    }
    return found
  }

  /// The loss falls along its gradient as steeply as the gradient is long, by finite differences over all
  /// parameters together.
  public static func gradientIsSlope(_ zoo: ZooInstance) throws -> [String] {
    let instance = try zoo.shaken()
    let batch = zoo.batch(6)
    return instance.model.objectives.compactMap { objective in
      let start = objective.parameters.map { $0.value.detached }
      let (_, gradients) = valueAndGradients(of: objective.parameters.map(\.value)) {
        objective.loss(batch, Pass())
      }
      let length = sqrt(
        gradients.reduce(0.0) { $0 + ($1?.values.reduce(0.0) { $0 + Double($1 * $1) } ?? 0) })
      func loss(_ distance: Float) -> Double {
        for (index, parameter) in objective.parameters.enumerated() {
          guard let gradient = gradients[index] else { continue }
          parameter.assign(start[index] + gradient * (distance / Float(length)))
        }
        return Double(objective.loss(batch, Pass()).scalar)
      }
      let step: Float = 1 / 64
      let slope =
        (8 * (loss(step) - loss(-step)) - (loss(2 * step) - loss(-2 * step)))
        / (12 * Double(step))
      guard abs(slope - length) > 0.01 * length + 1e-3 else { return nil }
      return "\(objective.name): the slope is \(slope), the gradient's length \(length)"
    }
  }

  /// A few steps lower the loss on the batch they see; a closed form makes its images likelier.
  public static func learningLowersLoss(_ zoo: ZooInstance) throws -> [String] {
    let instance = try zoo.fresh()
    let batch = zoo.batch(16)
    if let model = instance.model as? any ClosedForm {
      guard let scoring = instance.model as? any Scoring else { return [] }
      let before = scoring.scores(batch, Pass()).logLikelihoods.reduce(0, +)
      model.fit { $0(batch) }
      let after = scoring.scores(batch, Pass()).logLikelihoods.reduce(0, +)
      return after > before ? [] : ["the log-likelihood was \(before), fitted it is \(after)"]
    }
    return instance.model.objectives.compactMap { objective in
      let optimizer = Adam(objective.parameters)
      // Outside training, before and after: noise changes what a step minimises. So does a warm-up,
      // which is over after so many steps.
      let first = objective.loss(batch, Pass()).scalar
      for step in 0..<20 {
        let noise = RandomSource(seed: 5, purpose: .dropout).at(step)
        let (_, gradients) = valueAndGradients(of: objective.parameters.map(\.value)) {
          objective.loss(batch, Pass(noise: noise, step: 1_000_000 + step))
        }
        optimizer.update(GradientSum(gradients), learningRate: 3e-3)
      }
      let last = objective.loss(batch, Pass()).scalar
      return last < first ? nil : "\(objective.name): the loss was \(first), after steps \(last)"
    }
  }
}
