import Models
import Tensors
public import Training

/// Measures how fast a model draws whole images.
public struct SamplingBenchmark {
  /// What was measured.
  public struct Report: Sendable {
    /// Images drawn.
    public let images: Int
    /// Seconds that they took.
    public let seconds: Double
    /// The plain loop, where that was measured too.
    public let plain: Plain?

    /// Images a second.
    public var rate: Double { Double(images) / seconds }
  }

  /// The plain loop: one full pass of the model for every pixel of a tile of images.
  public struct Plain: Sendable {
    /// Images that go through the model together.
    public let images: Int
    /// Pixels whose passes were timed.
    public let timedPixels: Int
    /// Pixels of an image.
    public let pixels: Int
    /// Seconds that the timed passes took.
    public let seconds: Double

    /// Images a second, all pixels taken to cost what the timed ones did.
    public var rate: Double {
      Double(images) / (seconds * Double(pixels) / Double(timedPixels))
    }
  }

  private let file: ModelFile
  private let model: any Sampling
  private let context: Context
  private let seed: UInt64

  /// A benchmark of this model.
  ///
  /// - Throws: `ModelError` where the model cannot sample.
  public init(_ file: ModelFile, context: Context, seed: UInt64 = 0) throws {
    guard let model = file.model as? any Sampling else {
      throw Zoo.lacking("sample", type(of: file.model))
    }
    self.file = file
    self.model = model
    self.seed = seed
    self.context = context
  }

  /// Draws so many images, after a few to warm up; times the plain loop as well where that is asked
  /// for.
  public func run(images: Int, timesPlainLoop: Bool) throws -> Report {
    try context.run {
      let pass = Pass(context.precision)
      _ = model.samples(requests(Tiles.size * ThreadPool.threads), temperature: 1, pass)
      let watch = Stopwatch()
      _ = model.samples(requests(images), temperature: 1, pass)
      let seconds = watch.seconds
      guard timesPlainLoop else { return Report(images: images, seconds: seconds, plain: nil) }
      guard let model = model as? any PlainSampling else {
        throw TaskError(
          "--plain: '\(type(of: model).card.name)' has no plain loop: it does not draw pixel by pixel"
        )
      }
      return Report(images: images, seconds: seconds, plain: plain(model, pass))
    }
  }

  private func requests(_ count: Int) -> [SampleRequest] {
    (0..<count).map { index in
      SampleRequest(
        label: file.classes.isEmpty ? nil : index % file.classes.count,
        random: RandomSource(seed: seed, purpose: .sampling).at(index))
    }
  }

  /// Times the first pixels: each costs a full pass, wherever it lies.
  private func plain(_ model: any PlainSampling, _ pass: Pass) -> Plain {
    let pixels = min(8, model.shape.pixelCount)
    let labels = requests(Tiles.size).map(\.label)
    model.samplePlainly(pixels: min(2, pixels), labels: labels, pass)
    let watch = Stopwatch()
    model.samplePlainly(pixels: pixels, labels: labels, pass)
    return Plain(
      images: Tiles.size, timedPixels: pixels, pixels: model.shape.pixelCount,
      seconds: watch.seconds)
  }
}
