/// Has an encoder of images that another model may begin with (`train --start`): its parameters lie under `encoder.`, and are
/// decided by three settings.
public protocol EncoderSharing: GenerativeModel {
  /// The settings that decide its encoder.
  static var encoderSettings: EncoderSettings { get }
}

extension EncoderSharing {
  /// The usual names.
  public static var encoderSettings: EncoderSettings { EncoderSettings() }
}

/// What a model calls the settings that decide its encoder.
public struct EncoderSettings: Sendable {
  /// The kind of network.
  public let network: String
  /// Features a pixel at half the image's size.
  public let channels: String
  /// Features of the image.
  public let features: String

  /// These names.
  public init(
    network: String = "network", channels: String = "channels", features: String = "hidden"
  ) {
    self.network = network
    self.channels = channels
    self.features = features
  }

  /// The same encoder's settings by the names of another model.
  public func translated(_ texts: [String: String], to other: EncoderSettings) -> [String: String] {
    var result: [String: String] = [:]
    for (own, theirs) in [
      (network, other.network), (channels, other.channels), (features, other.features),
    ] {
      result[theirs] = texts[own]
    }
    return result
  }
}
