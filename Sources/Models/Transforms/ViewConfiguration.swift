/// The settings of a model that learns from views of images (``ViewTransform``).
public protocol ViewConfiguration: ModelConfiguration {
  /// How much views are moved and bent.
  var distortion: Double { get set }
  /// How much contrast, brightness and colours of views change.
  var tones: Double { get set }
  /// The longest side of the rectangle that is painted over, as a share of the image's.
  var cutout: Double { get set }
  /// The share of views that are mirrored.
  var mirrored: Double { get set }
}

extension ViewConfiguration {
  /// The settings of how views are made.
  static var viewSettings: [Setting<Self>] {
    [
      .real("distortion", \.distortion, 0...2, "how much views are moved and bent"),
      .real(
        "tones", \.tones, 0...2,
        "how much views' contrast, brightness and colours change; 0 where these tell classes apart"),
      .real(
        "cutout", \.cutout, 0...0.9, "longest side of what is painted over, a share of the image's"),
      .real(
        "mirrored", \.mirrored, 0...0.5, "share of mirrored views; 0 where left and right differ"),
    ]
  }

  /// What makes the views.
  var viewTransform: ViewTransform {
    ViewTransform(
      strength: Float(distortion), tones: Float(tones), cutout: Float(cutout),
      mirrored: Float(mirrored))
  }
}
