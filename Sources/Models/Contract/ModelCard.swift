/// What a model is, for listings.
public struct ModelCard: Sendable {
  /// The name on the command line.
  public let name: String
  /// Such as `autoregressive`.
  public let family: String
  /// One line.
  public let summary: String
  /// The paper.
  public let citation: String
  /// The highest learning rate that it is commonly trained with.
  public let learningRate: Float
  /// Whether it learns more from few images where they are moved about.
  ///
  /// Models whose latents are few learn what is alike in moved copies. Others predict each pixel from all before it,
  /// and would learn the blur of interpolation.
  public let gainsFromTransforms: Bool
  /// Whether it says something else of another class; one that does not is made without classes, whatever the images have.
  public let heedsClasses: Bool
  /// What it does where augmentation has to choose a model by itself; nil: nothing.
  public let augmentationRole: AugmentationRole?
  /// What gave its best figure: the command's settings, the time and the figure; nil where none is stated.
  public let recipe: String?

  /// A card with these entries.
  public init(
    name: String, family: String, summary: String, citation: String, learningRate: Float = 1e-3,
    gainsFromTransforms: Bool = false, heedsClasses: Bool = true,
    augmentationRole: AugmentationRole? = nil, recipe: String? = nil
  ) {
    self.name = name
    self.family = family
    self.summary = summary
    self.citation = citation
    self.learningRate = learningRate
    self.gainsFromTransforms = gainsFromTransforms
    self.heedsClasses = heedsClasses
    self.augmentationRole = augmentationRole
    self.recipe = recipe
  }
}
