public import Images
import Tensors

/// How holes are filled.
public struct ImputationOptions: Sendable {
  /// How many completions there are, and how they are drawn.
  public var filling = HoleFiller.Options()
  /// Images that are drawn together, particles counted.
  public var batchSize = 256
  /// The class of all images, by name; nil: that of each image's folder.
  public var label: String?
  /// Whether the mean of all completions is written too.
  public var writesMean: Bool {
    get { filling.givesMeans }
    set { filling.givesMeans = newValue }
  }
  /// Whether the entropy of each pixel over the completions is written too.
  public var writesUncertainty = false
  /// The format of the outputs; 1-bit PNGs stay 1-bit.
  public var format = ImageEncoder.Format.png

  /// The defaults.
  public init() {}

  /// Text that is equal where, and only where, one run can go on with what another has done.
  func identity(_ precision: ElementType) -> String {
    let chosen = filling.filling
    let others = chosen.keys.sorted().filter { !["steps", "method", "particles"].contains($0) }
    let parts = [
      "samples=\(filling.samples)", "steps=\(chosen["steps"] ?? "all")",
      "temperature=\(filling.temperature)", "method=\(chosen["method"] ?? "auto")",
      "particles=\(chosen["particles"] ?? "64")",
      "seed=\(filling.seed)", "precision=\(precision)", "label=\(label ?? "")",
      "mean=\(writesMean)", "uncertainty=\(writesUncertainty)", "format=\(format)",
    ]
    return (parts + others.map { "\($0)=\(chosen[$0] ?? "")" }).joined(separator: " ")
  }

  /// The extension of outputs.
  var fileExtension: String {
    if case .jpeg = format { return "jpg" }
    return "png"
  }
}
