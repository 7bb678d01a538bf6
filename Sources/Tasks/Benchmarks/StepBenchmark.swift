import Models
import Tensors
public import Training

/// Measures a step of training and where its time goes.
public struct StepBenchmark {
  /// What was measured.
  public struct Report: Sendable {
    /// Seconds of each timed step.
    public let seconds: [Double]
    /// The mean loss of the batch's images at every step made, those of the warm-up first.
    public let losses: [Float]
    /// Images a step.
    public let batch: Int
    /// Threads at work.
    public let threads: Int
    /// Seconds that a step spends inside oneDNN's primitives, summed over the threads.
    public let primitiveSeconds: Double
    /// Pages that the system handed out during a step.
    public let pageFaults: Double
    /// The most memory that the process has had at once, in bytes.
    public let peakMemory: Int

    /// Steps timed.
    public var steps: Int { seconds.count }
    /// Seconds of the median step.
    public var medianSeconds: Double { seconds.sorted()[steps / 2] }
    /// Seconds of the mean step.
    public var meanSeconds: Double { seconds.reduce(0, +) / Double(steps) }

    /// How many times longer a step takes than its primitives would alone, spread evenly over the
    /// threads.
    public var ratio: Double { meanSeconds * Double(threads) / primitiveSeconds }
  }

  private let subject: BenchmarkSubject
  private let images: ImageDataset
  private let options: TrainingOptions
  private let context: Context

  /// A benchmark of this model on these images.
  public init(
    _ subject: BenchmarkSubject, _ images: ImageDataset, _ options: TrainingOptions,
    _ context: Context
  ) {
    self.subject = subject
    self.images = images
    self.options = options
    self.context = context
  }

  /// Makes some steps to warm up, then times others.
  ///
  /// They are those of a training, but for a batch of the full size at the end of a pass.
  ///
  /// - Parameter steps: at least 1.
  /// - Throws: `Interrupted` after a signal, `TrainingError` where a loss is no longer finite.
  public func run(
    steps: Int, warmUp: Int, progress: (TaskReporter.Progress) -> Void = { _ in }
  ) throws -> Report {
    precondition(steps > 0)
    let source = ShardedGradients(
      images, seed: options.seed, precision: context.precision, transforms: options.transforms)
    let training = TrainingStep(
      subject.objectives, averaging: subject.parameters, state: subject.stateful,
      learningRate: subject.learningRate, source, options, precision: context.precision)
    var order = BatchOrder(
      images, labelledShare: subject.labelledShare, batchSize: options.batchSize,
      seed: options.seed, fillsBatches: true)
    var losses: [Float] = []
    func step(_ number: Int) throws {
      let report = try training.make(number, order.batch(number), progress: 0)
      losses.append(report.values.reduce(0) { $0 + $1.value })
    }
    for number in 0..<warmUp { try step(number) }
    let before = (PlanCache.secondsInPrimitives, ResourceUsage.now.pageFaults)
    var seconds: [Double] = []
    for number in 0..<steps {
      let watch = Stopwatch()
      try step(warmUp + number)
      seconds.append(watch.seconds)
      progress(.init(done: number + 1, total: steps))
      try context.stopIfAsked("interrupted; nothing was measured")
    }
    let after = ResourceUsage.now
    let count = Double(steps)
    return Report(
      seconds: seconds, losses: losses, batch: options.batchSize, threads: ThreadPool.threads,
      primitiveSeconds: (PlanCache.secondsInPrimitives - before.0) / count,
      pageFaults: Double(after.pageFaults - before.1) / count, peakMemory: after.peakMemory)
  }
}
