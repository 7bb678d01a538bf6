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
  ///
  /// They are those of a training, but for a batch of the full size at the end of a pass.
  ///
  /// - Throws: `Interrupted` after a signal, `TrainingError` where a loss is no longer finite.
  public func run(steps: Int, progress: (TaskReporter.Progress) -> Void = { _ in }) throws -> Report
  {
    let training = TrainingStep(instance, images, options)
    var order = BatchOrder(
      images, for: instance.model, batchSize: options.batchSize, seed: options.seed,
      fillsBatches: true)
    func step(_ number: Int) throws {
      _ = try training.make(number, order.batch(number), progress: 0)
    }
    let warmUp = 5
    for number in 0..<warmUp { try step(number) }
    let before = (PlanCache.secondsInPrimitives, Self.pageFaults)
    var times: [Double] = []
    for number in 0..<steps {
      let watch = Stopwatch()
      try step(warmUp + number)
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
