import Layers
public import Models
import Tensors
public import Training

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Measures a step of training and where its time goes.
public struct StepBenchmark {
  /// What was measured.
  public struct Report: Sendable {
    /// Steps timed.
    public let steps: Int
    /// Images a step.
    public let batch: Int
    /// Threads at work.
    public let threads: Int
    /// Seconds of the median step.
    public let medianSeconds: Double
    /// Seconds of the mean step.
    public let meanSeconds: Double
    /// Seconds that a step spends inside oneDNN's primitives, summed over the threads.
    public let primitiveSeconds: Double
    /// Pages that the system handed out during a step.
    public let pageFaults: Double

    /// How many times longer a step takes than its primitives would alone, spread evenly over the
    /// threads.
    public var ratio: Double { meanSeconds * Double(threads) / primitiveSeconds }
  }

  private let instance: ModelInstance
  private let images: ImageDataset
  private let options: TrainingOptions

  /// A benchmark of this model on these images.
  ///
  /// - Throws: `ModelError` where the model is fitted in closed form and so makes no steps.
  public init(_ instance: ModelInstance, _ images: ImageDataset, _ options: TrainingOptions) throws
  {
    guard !instance.model.objectives.isEmpty else {
      throw ModelError(
        "'\(type(of: instance.model).card.name)' is fitted in closed form and makes no steps")
    }
    self.instance = instance
    self.images = images
    self.options = options
  }

  /// Makes a few steps to warm up, then times these.
  public func run(steps: Int, progress: (TaskReporter.Progress) -> Void = { _ in }) throws -> Report
  {
    let objectives = instance.model.objectives
    let optimizers = objectives.map { Adam($0.parameters) }
    let average = MovingAverage(instance.store.parameters, decay: options.averageDecay)
    let order = RandomSource(seed: options.seed, purpose: .shuffling).permutation(images.count)
    let rate = options.learningRate ?? type(of: instance.model).card.learningRate
    func step(_ number: Int) {
      let indices = (0..<options.batchSize).map {
        order[(number * options.batchSize + $0) % order.count]
      }
      for (objective, optimizer) in zip(objectives, optimizers) {
        let (_, gradients) = ShardedGradients(
          images, indices, seed: options.seed, step: number, precision: options.precision
        ).compute(objective)
        _ = optimizer.update(
          gradients: gradients, learningRate: rate, clippingNorm: options.clippingNorm)
      }
      average.update()
    }
    let warmUp = 5
    for number in 0..<warmUp { step(number) }
    let before = (PlanCache.secondsInPrimitives, Self.pageFaults)
    var times: [Double] = []
    for number in 0..<steps {
      let watch = Stopwatch()
      step(warmUp + number)
      times.append(watch.seconds)
      progress(.init(done: number + 1, total: steps))
      if Interruption.isRequested { throw Interrupted("interrupted; nothing was measured") }
    }
    let count = Double(steps)
    return Report(
      steps: steps, batch: options.batchSize, threads: ThreadPool.threads,
      medianSeconds: times.sorted()[steps / 2], meanSeconds: times.reduce(0, +) / count,
      primitiveSeconds: (PlanCache.secondsInPrimitives - before.0) / count,
      pageFaults: Double(Self.pageFaults - before.1) / count)
  }

  private static var pageFaults: Int {
    var usage = rusage()
    // RUSAGE_SELF, whose type differs from system to system.
    getrusage(0, &usage)
    return Int(usage.ru_minflt)
  }
}
