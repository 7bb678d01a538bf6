public import Models

extension TransformStrength {
  /// Images a class from which on they are learned as they are, where nothing else is asked for.
  public static let manyImagesPerClass = 500
  /// Images a class below which they are moved about strongly, where they are large enough.
  public static let hardlyAnyPerClass = 100
  /// The least side of images that strong transforms leave legible.
  public static let leastSideForStrong = 16

  /// How much images are moved about where nothing is asked for: the more, the fewer they are.
  ///
  /// That is for models whose card says that they gain from it: others learn images as they are.
  public static func suited(to images: ImageDataset, model: String) -> TransformStrength {
    guard let model = try? Zoo.model(named: model), model.card.gainsFromTransforms else {
      return .none
    }
    let classes = max(1, images.classes.count)
    if images.count >= manyImagesPerClass * classes { return .none }
    let isLarge = min(images.shape.width, images.shape.height) >= leastSideForStrong
    return isLarge && images.count < hardlyAnyPerClass * classes ? .strong : .light
  }
}
