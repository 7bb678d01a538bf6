import Models

extension Accepted<ImageTransforms> {
  /// Kinds of transforms, separated by commas.
  static var transforms: Self {
    Self(
      noun: "kinds of transforms separated by commas, each once, such as shift,rotation=strong,mirror",
      limits: " (kinds: \(ImageTransforms.kindNames))", listed: nil, completed: [],
      read: { ImageTransforms($0).flatMap { $0.isEmpty ? nil : $0 } }, text: { $0.shortText })
  }
}
