public import Models
import Tensors

/// How many images are drawn, and how.
public struct AugmentationOptions: Sendable {
  /// How many images each class gets.
  public enum Amount: Sendable, Equatable {
    /// So many new ones a class.
    case perClass(Int)
    /// As many as bring a class to so many, its originals among them.
    case to(Int)
    /// As many as bring a class to the largest class of the data set.
    case balance
    /// So many new ones for each original of a class.
    case perOriginal(Int)
    /// So many in all, shared evenly.
    case total(Int)

    /// Whether it is a number of images in all.
    var isTotal: Bool {
      if case .total = self { true } else { false }
    }
  }

  /// What becomes of the images that there are already.
  public enum Originals: String, Sendable, CaseIterable {
    /// They stay where they are.
    case none
    /// Their files are copied, byte for byte.
    case copy
    /// Symbolic links lead to their files.
    case link
  }

  /// How latent points are drawn around encoded originals.
  public struct Around: Sendable, Equatable {
    /// How far from the original, in standard deviations of the encoder's distribution.
    public var scale: Float
    /// Whether a point lies somewhere on the way to another original of the class, before that noise.
    public var isBetween: Bool

    /// Points so far around one original, or around the way between two.
    public init(scale: Float, isBetween: Bool) {
      self.scale = scale
      self.isBetween = isBetween
    }
  }

  /// How many images of each class a model draws; nil: none.
  public var amount: Amount?
  /// The names of the classes that get images; nil: all.
  public var classes: [String]?
  /// What becomes of the originals.
  public var originals = Originals.none
  /// Below 1 likely images are preferred, above 1 unlikely ones; 1 draws from the model.
  public var temperature: Temperature = 1
  /// How latent points are drawn around encoded originals; nil: from the model's prior.
  public var around: Around?
  /// Which part of an original is drawn anew, given the rest; nil: whole images are drawn.
  public var redrawn: RedrawnPart?
  /// The model's options for filling that part, by name.
  public var filling: [String: String] = [:]
  /// Copies of originals under ordinary transforms; nil: none.
  public var transformed: TransformedCopies?
  /// The least probability of a class for which an image without a label gets it; nil: none gets one.
  public var pseudoLabel: Double?
  /// Whether samples that copy an original are kept.
  public var allowsCopies = false
  /// The least probability of its label that a sample must have to be kept; nil: labels are not
  /// checked.
  public var labelCheck: Double?
  /// Decides the random numbers, together with each image's class and number.
  public var seed: UInt64 = 0
  /// Images that are drawn together.
  public var batchSize = 512

  /// The defaults for this amount.
  public init(_ amount: Amount?) {
    self.amount = amount
  }

  /// Text that is equal where, and only where, one run can go on with what another has done.
  ///
  /// The amount is not in it: the n-th image of a class is the same whatever the others are.
  func identity(_ precision: ElementType) -> String {
    "temperature=\(temperature.latents)\(temperature.pixels.map { " pixels=\($0)" } ?? "") copies=\(allowsCopies) seed=\(seed) precision=\(precision) "
      + "label-check=\(labelCheck.map { "\($0)" } ?? "none") "
      + "around=\(around.map { "\($0.scale) \($0.isBetween)" } ?? "none")"
      + (redrawn.map { " redrawn=\($0.share) \($0.shape) \(filling.sorted { $0.key < $1.key })" }
        ?? "")
      + (transformed.map { " transforms=\($0.transforms)" } ?? "")
      + (pseudoLabel.map { " pseudo-label=\($0)" } ?? "")
  }
}
