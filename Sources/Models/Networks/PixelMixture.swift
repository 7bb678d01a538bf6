public import Layers

/// How a pixel of many levels is described: a mixture of logistics.
public struct PixelMixture: Sendable {
  /// Logistics a pixel.
  public var logistics: Int
  /// What their numbers mean.
  public var form = MixtureForm.relative

  /// So many logistics.
  public init(logistics: Int) {
    self.logistics = logistics
  }
}

/// The settings of a model that describes pixels one by one.
public protocol PixelConfiguration: ModelConfiguration {
  /// How a pixel of many levels is described.
  var mixture: PixelMixture { get set }
}

extension PixelConfiguration {
  /// The settings of a pixel's mixture.
  static var mixtureSettings: [Setting<Self>] {
    [
      .integer(
        "mixtures", \.mixture.logistics, 1...64,
        "logistics a pixel, for more than 32 levels or RGB",
        tiny: 3),
      .choice(
        "pixels", \.mixture.form,
        "a mixture's numbers: differences from neighbours and the channel before, or values",
        formerly: .absolute),
    ]
  }

  /// The distribution that suits a pixel of these images.
  func distribution(of shape: ImageShape) -> any PixelDistribution {
    PixelDistributions.suited(
      channels: shape.channels, levels: shape.levels, mixtures: mixture.logistics,
      form: mixture.form)
  }
}
