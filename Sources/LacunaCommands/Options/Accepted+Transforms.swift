import Models

extension Accepted<ImageTransforms> {
  /// Kinds of transforms, separated by commas.
  static var transforms: Self {
    Self(
      noun:
        "kinds of transforms separated by commas, each once, such as shift,rotation=strong,mirror",
      limits: " (kinds: \(ImageTransforms.kindNames))", listed: nil, completed: [],
      read: { ImageTransforms($0).flatMap { $0.isEmpty ? nil : $0 } }, text: { $0.shortText })
  }

  /// The same, none at all, or what is common.
  static var base: Self {
    Self(
      noun: "none, transforms, or kinds of transforms separated by commas",
      limits: " (kinds: \(ImageTransforms.kindNames))", listed: nil, completed: [],
      read: { $0 == "transforms" ? ImageTransforms(moving: .light) : ImageTransforms($0) },
      text: { $0.isEmpty ? "none" : $0.shortText })
  }
}
