/// What a model does where images are augmented without anybody having chosen it.
public enum AugmentationRole: String, Sendable, CaseIterable {
  /// It learns features from images without labels.
  case features
  /// It tells classes from few labels, beginning with such features.
  case labelling
  /// It draws whole images of a class after minutes.
  case drawing
  /// It draws a part of an image anew, given the rest.
  case redrawing
}
