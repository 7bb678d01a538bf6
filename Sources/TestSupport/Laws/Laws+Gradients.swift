import Layers
import Models
import Platform
import Tensors

extension Laws {
  /// Objectives are finite, and every parameter gets a gradient from one of them at least; each finds the parameters that
  /// it names.
  public static func everyParameterLearns(_ zoo: ZooInstance) throws -> [String] {
    let instance = try zoo.shaken()
    let model = instance.model
    guard !model.objectives.isEmpty else { return ["nothing to descend"] }
    var found: [String] = []
    var owners: [String: Int] = [:]
    for objective in model.objectives {
      let noise = RandomSource(seed: 5, purpose: .dropout)
      let (loss, gradients) = valueAndGradients(of: objective.parameters.map(\.value)) {
        objective.value(zoo.batch(12), Pass(noise: noise))
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
    for parameter in instance.store.parameters where owners[parameter.name] == nil {
      found.append("\(parameter.name) has no objective")
    }
    return found
  }

  /// A loss falls along its gradient as steeply as the gradient is long, by finite differences over all
  /// parameters together.
  public static func gradientIsSlope(_ zoo: ZooInstance) throws -> [String] {
    let instance = try zoo.shaken()
    let batch = zoo.batch(6)
    return instance.model.objectives.compactMap { objective in
      // An estimate has a law of its own.
      guard case .loss = objective.signal else { return nil }
      let start = objective.parameters.map { $0.value.detached }
      let (_, gradients) = valueAndGradients(of: objective.parameters.map(\.value)) {
        objective.value(batch, Pass())
      }
      let length = sqrt(
        gradients.reduce(0.0) { $0 + ($1?.values.reduce(0.0) { $0 + Double($1 * $1) } ?? 0) })
      func loss(_ distance: Float) -> Double {
        for (index, parameter) in objective.parameters.enumerated() {
          guard let gradient = gradients[index] else { continue }
          parameter.assign(start[index] + gradient * (distance / Float(length)))
        }
        return Double(objective.value(batch, Pass()).scalar)
      }
      // Where the loss bends within a step, a finer one decides.
      let slopes = [Float(1) / 64, 1 / 256, 1 / 1024, 1 / 4096].map { step in
        (8 * (loss(step) - loss(-step)) - (loss(2 * step) - loss(-2 * step)))
          / (12 * Double(step))
      }
      let isSlope = slopes.contains { abs($0 - length) <= 0.01 * length + 1e-3 }
      return isSlope
        ? nil : "\(objective.name): the slopes are \(slopes), the gradient's length \(length)"
    }
  }

  /// A few steps lower a loss on the batch they see.
  public static func learningLowersLoss(_ zoo: ZooInstance) throws -> [String] {
    let instance = try zoo.fresh()
    let batch = zoo.batch(16)
    return instance.model.objectives.compactMap { objective in
      guard case .loss = objective.signal else { return nil }
      let optimizer = objective.optimizer.make(objective.parameters)
      // Outside training, before and after: noise changes what a step minimises. So does a warm-up,
      // which is over after so many steps.
      let first = objective.value(batch, Pass()).scalar
      for step in 0..<20 {
        let noise = RandomSource(seed: 5, purpose: .dropout).at(step)
        let (_, gradients) = valueAndGradients(of: objective.parameters.map(\.value)) {
          objective.value(batch, Pass(noise: noise, step: 1_000_000 + step))
        }
        optimizer.update(GradientSum(gradients), learningRate: 3e-3)
      }
      let last = objective.value(batch, Pass()).scalar
      return last < first ? nil : "\(objective.name): it was \(first), after steps \(last)"
    }
  }

  /// Fitted images are likelier than before.
  public static func fittingRaisesLikelihood(_ zoo: ZooInstance) throws -> [String] {
    let instance = try zoo.fresh()
    let batch = zoo.batch(16)
    guard let model = instance.model as? any Fitted, let scoring = instance.model as? any Scoring
    else { return ["no model that is fitted and scores"] }
    let before = scoring.scores(batch, Pass()).reduce(0, +)
    model.fit { $0(batch) }
    let after = scoring.scores(batch, Pass()).reduce(0, +)
    return after > before ? [] : ["the log-likelihood was \(before), fitted it is \(after)"]
  }

  /// A fitting that is written down after each pass and goes on elsewhere comes to the same parameters.
  public static func interruptedFittingsGoOn(_ zoo: ZooInstance) throws -> [String] {
    func parameters(isInterrupted: Bool) throws -> [[Float]] {
      let instance = try zoo.fresh()
      guard let model = instance.model as? any Fitted else { return [] }
      let batch = zoo.batch(40, unknownLabels: true)
      var fitter = model.fitter { $0(batch) }
      while fitter.makePass() != nil {
        guard isInterrupted else { continue }
        let other = model.fitter { $0(batch) }
        guard other.restore(fitter.state) else { return [] }
        fitter = other
      }
      fitter.finish()
      return instance.store.parameters.map(\.value.values)
    }
    let whole = try parameters(isInterrupted: false)
    return try !whole.isEmpty && parameters(isInterrupted: true) == whole
      ? [] : ["interrupted after each pass it learns something else"]
  }
}
