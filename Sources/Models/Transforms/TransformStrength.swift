/// How much images are moved about while learning, so that a model sees more than there is.
public enum TransformStrength: String, Sendable, CaseIterable {
  /// Not at all.
  case none
  /// A few degrees, a pixel or two.
  case light
  /// Up to 25 degrees, an eighth of the image, a fifth in size.
  case strong

  /// The most that each kind of transform changes.
  struct Limits {
    /// Radians.
    var rotation: Float = 0
    /// The share by which it is enlarged or made smaller.
    var scale: Float = 0
    /// Pixels across for each pixel down.
    var shear: Float = 0
    /// Shares of the image's side.
    var shift: Float = 0
    var bend: Float = 0
    /// The strength of a ``ToneChange``.
    var tones: Float = 0
    /// The longest side of what is painted over, a share of the image's.
    var erased: Float = 0
  }

  /// The limits of this strength.
  var limits: Limits {
    switch self {
    case .none: Limits()
    case .light:
      Limits(
        rotation: 0.12, scale: 0.08, shear: 0.1, shift: 0.05, bend: 0.02, tones: 0.4, erased: 0.3)
    case .strong:
      Limits(
        rotation: 0.44, scale: 0.2, shear: 0.35, shift: 0.125, bend: 0.05, tones: 1, erased: 0.6)
    }
  }
}
