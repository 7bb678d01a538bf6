import Images
public import Models
import Synchronization
public import Tensors
public import Training

/// Measures how the Markov chains of a model move about.
public struct ChainEvaluator: Sendable {
  /// How chains are run.
  public struct Options: Sendable {
    /// Chains.
    public var chains = 64
    /// Sweeps of each that count.
    public var sweeps = 1000
    /// Sweeps before them; nil: as many as the model takes to a sample.
    public var burnIn: Int?
    /// Sweeps from one picture of the strip to the next; nil: the strip spans all.
    public var stripInterval: Int?
    /// Optimiser steps of the classifier that tells classes.
    public var steps = 1000
    /// Decides chains, and how the classifier begins.
    public var seed: UInt64 = 0

    /// The common choices.
    public init() {}
  }

  private let model: any ChainSampling
  private let options: Options
  private let context: Context

  /// An evaluator of this model.
  ///
  /// - Throws: `TaskError` where it draws by no chain.
  public init(
    _ model: any GenerativeModel, options: Options = Options(),
    context: Context = Context(precision: .float32)
  ) throws {
    guard let chained = model as? any ChainSampling else {
      let able = Zoo.models.filter { $0 is any ChainSampling.Type }.map { $0.card.name }
      throw TaskError(
        "'\(type(of: model).card.name)' draws by no Markov chain; models that do: "
          + able.joined(separator: ", "))
    }
    self.model = chained
    self.options = options
    self.context = context
  }

  /// Runs the chains and looks at them.
  ///
  /// - Parameters:
  ///   - teaching: labelled images of the model's shape that teach the classifier which tells classes; nil: none does.
  ///   - progress: told of the sweeps that are done.
  /// - Throws: `EngineError.outOfMemory` where all states cannot be held, `TaskError` where the images have no classes,
  ///   `Interrupted` after a signal.
  public func evaluate(
    teaching: ImageDataset? = nil,
    progress: @escaping @Sendable (TaskReporter.Progress) -> Void = { _ in }
  ) throws -> ChainReport {
    try context.run {
      let classifier = try teaching.map { try taught($0) }
      let burnIn = options.burnIn ?? model.sweepsToSample
      let start = ContinuousClock.now
      let states = try ChainStates(
        model, chains: options.chains, sweeps: options.sweeps, burnIn: burnIn, seed: options.seed,
        context, progress: progress)
      let seconds = (ContinuousClock.now - start).inSeconds
      let autocorrelation = Autocorrelation(chains: options.chains, length: options.sweeps) {
        states.levels(chain: $0, $1)
      }
      var report = ChainReport(
        chains: options.chains, sweeps: options.sweeps, burnIn: burnIn,
        autocorrelation: autocorrelation.values,
        integratedTime: (autocorrelation.time, autocorrelation.isResolved), seconds: seconds,
        strip: states.strip(every: options.stripInterval, burnIn: burnIn))
      if let classifier, let teaching {
        let visited = try (0..<options.chains).map { chain in
          try context.stopIfAsked("interrupted while states were classified")
          return classifier.predictions(states.images(chain: chain), context.precision)
        }
        report.visits = ClassVisits(visited, names: teaching.classes)
      }
      return report
    }
  }

  private func taught(_ images: ImageDataset) throws -> SmallClassifier {
    guard images.shape == model.shape else {
      throw TaskError(
        "--training-set: holds images of \(images.shape), but the model is one of \(model.shape)")
    }
    guard images.classCounts.count(where: { $0 > 0 }) > 1 else {
      throw TaskError(
        "--training-set: has no labels of two classes or more; put its images into folders named "
          + "by class, or leave it out: then no classes are told")
    }
    return try ClassifierTraining.plain(
      [images], steps: options.steps, size: 64, context: context, seed: options.seed)[0]
  }
}
