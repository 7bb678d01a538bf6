import Models
public import Tensors
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
  private let pass: Pass
  private let seed: UInt64

  /// A benchmark of this model.
  ///
  /// - Throws: `ModelError` where the model cannot sample.
  public init(_ file: ModelFile, precision: ElementType, seed: UInt64 = 0) throws {
    guard let model = file.model as? any Sampling else {
      throw Zoo.lacking("sample", type(of: file.model))
    }
    self.file = file
    self.model = model
    self.seed = seed
    pass = Pass(precision)
  }

  /// Draws so many images, after a few to warm up; times the plain loop as well where that is asked
  /// for.
  public func run(images: Int, timesPlainLoop: Bool) throws -> Report {
    _ = model.samples(requests(tileSize * ThreadPool.threads), temperature: 1, pass)
    let watch = Stopwatch()
    _ = model.samples(requests(images), temperature: 1, pass)
    let seconds = watch.seconds
    guard timesPlainLoop else { return Report(images: images, seconds: seconds, plain: nil) }
    guard let model = model as? any Autoregressive else {
      throw TaskError(
        "--plain: '\(type(of: model).card.name)' has no plain loop: it does not draw pixel by pixel"
      )
    }
    return Report(images: images, seconds: seconds, plain: plain(model))
  }

  private func requests(_ count: Int) -> [SampleRequest] {
    (0..<count).map { index in
      SampleRequest(
        label: file.classes.isEmpty ? nil : index % file.classes.count,
        random: RandomSource(seed: seed, purpose: .sampling).at(index))
    }
  }

  /// Times the first pixels: each costs a full pass, wherever it lies.
  private func plain<Model: Autoregressive>(_ model: Model) -> Plain {
    let pixels = min(8, model.shape.pixelCount)
    let labels = requests(tileSize).map(\.label)
    let levels = [Float](repeating: 0, count: tileSize * model.shape.channels)
    func draw(_ count: Int) {
      let stepper = PlainStepper(
        model, labels: labels, orders: labels.map { _ in .raster }, pass)
      for _ in 0..<count {
        _ = stepper.nextParameters()
        stepper.advance(levels)
      }
    }
    draw(min(2, pixels))
    let watch = Stopwatch()
    draw(pixels)
    return Plain(
      images: tileSize, timedPixels: pixels, pixels: model.shape.pixelCount, seconds: watch.seconds)
  }
}
