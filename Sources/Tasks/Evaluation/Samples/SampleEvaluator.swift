import Files
public import Models
public import Tensors
public import Training

/// Measures how near generated images are to real ones.
public struct SampleEvaluator: Sendable {
  /// By which features.
  public enum Features: Sendable {
    /// The classifier's where real images have labels, else pixels.
    case automatic
    /// The penultimate layer of the fixed small classifier.
    case classifier
    /// Principal components of pixels.
    case pixels
    /// A model's encodings, and what it is called.
    case model(any GenerativeModel, name: String)
  }

  /// How samples are drawn and measured.
  public struct Options: Sendable {
    /// The features.
    public var features = Features.automatic
    /// Samples to draw; nil: as many as there are real images to compare with.
    public var samples: Int?
    /// Below 1 likely samples are preferred; 1 draws from the model.
    public var temperature: Temperature = 1
    /// Optimiser steps of a classifier.
    public var steps = 1000
    /// Images of a classifier's step.
    public var stepSize = 64
    /// Images that are drawn together.
    public var batchSize = 512
    /// Decides draws, halves, order, and how classifiers begin.
    public var seed: UInt64 = 0

    /// The common choices.
    public init() {}
  }

  let images: SampleImages
  let options: Options
  let context: Context
  /// Real images in the place of generated ones, and those that choose the width of a window.
  let (standIn, validation): (ImageDataset, ImageDataset)

  /// An evaluator by these real images.
  public init(
    _ images: SampleImages, options: Options = Options(),
    context: Context = Context(precision: .float32)
  ) {
    self.images = images
    self.options = options
    self.context = context
    let teaching = images.teaching
    let order = RandomSource(seed: options.seed, purpose: .validation).permutation(teaching.count)
    let held = min(ParzenWindow.mostValidation, teaching.count / 4)
    validation = teaching.subset(Array(order[..<held]))
    standIn = teaching.subset(Array(order[held...].prefix(SampleImages.mostTest)))
  }

  /// Draws images from a model, as many as were asked for.
  ///
  /// - Throws: `TaskError` where the model's images are not those of the directory, `EngineError.cannot` where it cannot sample,
  ///   `Interrupted` after a signal.
  public func samples(of file: ModelFile, reporter: TaskReporter) throws -> ImageDataset {
    guard file.model.shape == images.shape else {
      throw TaskError(
        "the real images are \(images.shape), but the model is one of \(file.model.shape)")
    }
    let count = options.samples ?? min(images.testCount, standIn.count)
    try SampleImages.check(count, "--samples")
    return try context.run {
      try ModelSamples(file: file, images: images, options: options, context: context)
        .drawn(count, reporter: reporter)
    }
  }

  /// Measures generated images, which are in a random order.
  ///
  /// - Parameter progress: told of the stages that are done.
  /// - Throws: `TaskError` where the images do not do for what is asked, `Interrupted` after a signal.
  public func evaluate(
    _ generated: ImageDataset, progress: (TaskReporter.Progress) -> Void = { _ in }
  ) throws -> SampleReport {
    try context.run { try measured(generated, progress) }
  }
}
