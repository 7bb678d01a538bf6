public import Images
public import Tensors

/// How holes are filled.
public struct ImputationOptions: Sendable {
  /// Completions an image.
  public var samples = 1
  /// Below 1 likely pixels are preferred, above 1 unlikely ones; 1 draws from the model.
  public var temperature: Float = 1
  /// How pixels are drawn.
  public var method = ImputationMethod.auto
  /// Particles a completion, where a hole is filled by particles.
  public var particles = ImputationMethod.usualParticles
  /// The most passes of a network that fills pixel by pixel; nil: one for each missing pixel.
  public var steps: Int?
  /// Decides the random numbers, together with each image's relative path.
  public var seed: UInt64 = 0
  /// Images that are drawn together, particles counted.
  public var batchSize = 256
  /// The type of activations.
  public var precision = ElementType.fastest
  /// The class of all images, by name; nil: that of each image's folder.
  public var label: String?
  /// Whether the average of the completions is written too.
  public var writesMean = false
  /// Whether the entropy of each pixel over the completions is written too.
  public var writesUncertainty = false
  /// The format of the outputs; 1-bit PNGs stay 1-bit.
  public var format = ImageEncoder.Format.png

  /// The defaults.
  public init() {}

  /// Text that is equal where, and only where, one run can go on with what another has done.
  var identity: String {
    [
      "samples=\(samples)", "steps=\(steps.map { "\($0)" } ?? "all")",
      "temperature=\(temperature)", "method=\(method.rawValue)", "particles=\(particles)",
      "seed=\(seed)", "precision=\(precision)", "label=\(label ?? "")", "mean=\(writesMean)",
      "uncertainty=\(writesUncertainty)", "format=\(format)",
    ].joined(separator: " ")
  }

  /// The extension of outputs.
  var fileExtension: String {
    if case .jpeg = format { return "jpg" }
    return "png"
  }
}
