import Models
import Tensors

/// One way to more labelled images, as it is tried and as a recipe says it: copies under ordinary transforms, images from a model,
/// images whose class a model is sure of, or several of these.
public struct AugmentationWay: Sendable, Equatable {
  /// Images from a model that has learnt the labelled ones.
  public struct Drawing: Sendable, Equatable {
    /// Images for each original.
    public var perOriginal: Int
    /// How latent points are drawn around encoded originals; nil: from the prior.
    public var around: AugmentationOptions.Around?
    /// Which part of an original is drawn anew; nil: whole images.
    public var redrawn: RedrawnPart?
    /// The filling options for that part.
    public var filling: [String: String] = [:]
    /// Below 1 likely images are preferred.
    public var temperature: Float = 1
    /// The role of the model that draws.
    var role: AugmentationRole { redrawn == nil ? .drawing : .redrawing }
  }

  /// Copies under ordinary transforms; nil: none.
  public var transformed: TransformedCopies?
  /// Images from a model; nil: none.
  public var drawing: Drawing?
  /// The least probability of a class for which an image without a label gets it; nil: none gets one.
  public var pseudoLabel: Double?

  /// These together.
  public init(
    transformed: TransformedCopies? = nil, drawing: Drawing? = nil, pseudoLabel: Double? = nil
  ) {
    self.transformed = transformed
    self.drawing = drawing
    self.pseudoLabel = pseudoLabel
  }

  /// Nothing beside the originals.
  public static let nothing = AugmentationWay()

  /// Whether there is nothing beside the originals.
  public var isNothing: Bool { self == .nothing }

  /// In words, the same for the same way.
  public var title: String {
    guard !isNothing else { return "nothing" }
    var parts: [String] = []
    if let transformed {
      parts.append("\(transformed.transforms.shortText) x\(transformed.perOriginal)")
    }
    if let drawing {
      let how =
        drawing.redrawn.map { "\($0.shape) of \(Int(100 * $0.share)) % redrawn" }
        ?? drawing.around.map { "drawn \($0.isBetween ? "between" : "around") originals" }
        ?? "drawn"
      let temperature = drawing.temperature == 1 ? "" : " at \(drawing.temperature)"
      parts.append("\(how)\(temperature) x\(drawing.perOriginal)")
    }
    if let pseudoLabel { parts.append("pseudo-labels from \(pseudoLabel)") }
    return parts.joined(separator: " + ")
  }

  /// What `augment` does for it.
  public func options(seed: UInt64) -> AugmentationOptions {
    var options = AugmentationOptions(drawing.map { .perOriginal($0.perOriginal) })
    options.around = drawing?.around
    options.redrawn = drawing?.redrawn
    options.filling = drawing?.filling ?? [:]
    options.temperature = Temperature(drawing?.temperature ?? 1)
    options.transformed = transformed
    options.pseudoLabel = pseudoLabel
    options.seed = seed
    return options
  }
}
