import Models
import Tensors
import TestSupport
import Testing

/// What the settings of a variational autoencoder do, and temperatures of pixels.
@Suite struct LatentDecoderTests {
  private static func zoo(_ settings: [String: String]) -> ZooInstance {
    ZooInstance(
      VariationalAutoencoder.self, settings,
      shape: ImageShape(height: 5, width: 6, channels: 1, levels: 17))
  }

  private static func samples(
    _ decoder: PixelDependence, _ temperature: Temperature
  ) throws -> [[Float]] {
    let zoo = zoo(["decoder": decoder.rawValue])
    let model = try #require(zoo.shaken().model as? any Sampling)
    return model.samples(zoo.requests(5), temperature: temperature, Pass()).map(\.levels)
  }

  /// Many levels that are drawn independently are noise: their means are shown unless asked otherwise.
  @Test func independentPixelsAreMeansUnlessAskedFor() throws {
    let usual = try Self.samples(.independent, 1)
    #expect(try usual == Self.samples(.independent, Temperature(pixels: 0)))
    let drawn = try Self.samples(.independent, Temperature(pixels: 1))
    #expect(usual != drawn)
    #expect(try drawn != Self.samples(.independent, Temperature(pixels: 0.3)))
  }

  @Test func dependentPixelsFollowTheTemperature() throws {
    let usual = try Self.samples(.autoregressive, 1)
    #expect(try usual == Self.samples(.autoregressive, Temperature(pixels: 1)))
    #expect(try usual != Self.samples(.autoregressive, Temperature(pixels: 0)))
    // Latents and pixels apart.
    let half = try Self.samples(.autoregressive, 0.5)
    #expect(try half == Self.samples(.autoregressive, Temperature(0.5, pixels: 0.5)))
    #expect(try half != Self.samples(.autoregressive, Temperature(0.5, pixels: 1)))
    #expect(try half != Self.samples(.autoregressive, Temperature(1, pixels: 0.5)))
  }

  /// The loss of some images while learning, with this noise, or while the model is only used.
  private static func loss(_ settings: [String: String], noise: Int?) throws -> Float {
    let zoo = zoo(settings)
    let model = try zoo.shaken().model
    let pass =
      noise.map {
        Pass(noise: RandomSource(seed: 8, purpose: .dropout).at($0), step: 1_000_000)
      } ?? Pass()
    return model.objectives[0].value(zoo.batch(6), pass).scalar
  }

  @Test(arguments: ["convolutional", "dense"])
  func dropoutActsWhileLearningAlone(_ network: String) throws {
    let (plain, dropping) = (["network": network], ["network": network, "dropout": "0.5"])
    #expect(try Self.loss(plain, noise: nil) == Self.loss(dropping, noise: nil))
    #expect(try Self.loss(plain, noise: 3) != Self.loss(dropping, noise: 3))
  }

  @Test func freeBitsCostNothingWhileLearning() throws {
    // A divergence in closed form is never below zero.
    let few = ["prior": "standard", "free-bits": "0.0"]
    let many = ["prior": "standard", "free-bits": "10.0"]
    #expect(try Self.loss(few, noise: nil) == Self.loss(many, noise: nil))
    // Four coordinates of ten nats, where the divergence is less.
    let (paid, free) = (try Self.loss(few, noise: 3), try Self.loss(many, noise: 3))
    #expect(free > paid && free < paid + 40)
  }
}
