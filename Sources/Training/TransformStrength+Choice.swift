public import Models

extension TransformStrength {
  /// Images a class from which on they are learned as they are, where nothing else is asked for.
  public static let manyImagesPerClass = 500

  /// How much images are moved about where nothing is asked for: lightly where they are few.
  ///
  /// Few are less than ``manyImagesPerClass`` for each class, on average. Models that are fitted in closed form learn
  /// them as they are.
  public static func suited(to images: ImageDataset, model: String) -> TransformStrength {
    guard let model = try? Zoo.model(named: model), !(model is any ClosedForm.Type) else {
      return .none
    }
    let isFew = images.count < manyImagesPerClass * max(1, images.classes.count)
    return isFew ? .light : .none
  }
}
