/// What a classifier is trained on, to find out whether generated images help.
public enum TrainingMix: String, Sendable, CaseIterable {
  /// The real images.
  case real
  /// The real images and the generated ones.
  case realAndGenerated = "real_and_generated"
  /// The generated images.
  case generated
  /// The real images, moved about anew each time.
  case realAndTransforms = "real_and_transforms"
  /// The real and the generated images, all moved about anew each time.
  case realAndBoth = "real_and_both"

  /// Whether real images are among them.
  public var hasReal: Bool { self != .generated }
  /// Whether generated images are among them.
  public var hasGenerated: Bool {
    self == .realAndGenerated || self == .generated || self == .realAndBoth
  }
  /// Whether images are moved about.
  public var isTransformed: Bool { self == .realAndTransforms || self == .realAndBoth }

  /// The name for people.
  public var title: String {
    switch self {
    case .real: "real alone"
    case .realAndGenerated: "real + generated"
    case .generated: "generated alone"
    case .realAndTransforms: "real + transforms"
    case .realAndBoth: "real + both"
    }
  }
}
