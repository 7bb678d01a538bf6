import Models
import Platform
import Tensors
import TestSupport
import Testing

/// The three losses of an adversarial network, from what its discriminator says of one image.
@Suite struct AdversarialTests {
  private static let names = ["minimax", "non-saturating", "least-squares"]

  private func zoo(_ loss: String) -> ZooInstance {
    ZooInstance(
      GenerativeAdversarialNetwork.self, ["loss": loss],
      shape: ImageShape(height: 5, width: 6, channels: 1, levels: 4), classCount: 2)
  }

  /// The discriminator's and the generator's value with a loss: the same parameters and the same image each time.
  private func values(_ loss: String) throws -> (discriminator: Double, generator: Double) {
    let zoo = zoo(loss)
    let objectives = try zoo.shaken(deviation: 0.4).model.objectives
    #expect(objectives.map(\.name) == ["discriminator", "generator"])
    let batch = zoo.batch(1)
    return (
      Double(objectives[0].value(batch, Pass()).scalar),
      Double(objectives[1].value(batch, Pass()).scalar)
    )
  }

  private func softplus(_ x: Double) -> Double { log1p(exp(x)) }

  @Test func lossesAreThoseOfThePapers() throws {
    let minimax = try values("minimax")
    let nonSaturating = try values("non-saturating")
    let squares = try values("least-squares")
    // -log(1 + e^d) of one and log(1 + e^-d) of the other add up to -d.
    let drawn = -(minimax.generator + nonSaturating.generator)
    #expect(abs(drawn) > 1e-3)
    #expect(abs(minimax.generator + softplus(drawn)) < 1e-4)
    #expect(abs(nonSaturating.generator - softplus(-drawn)) < 1e-4)
    #expect(abs(squares.generator - (drawn - 1) * (drawn - 1) / 2) < 1e-4)
    #expect(minimax.discriminator == nonSaturating.discriminator)
    // The real image's value solves log(1 + e^-r) = rest.
    let rest = minimax.discriminator - softplus(drawn)
    let real = -log(expm1(rest))
    let expected = ((real - 1) * (real - 1) + drawn * drawn) / 2
    #expect(abs(squares.discriminator - expected) < 1e-3)
  }

  @Test(arguments: names)
  func gradientsAreSlopes(_ loss: String) throws {
    #expect(try Laws.gradientIsSlope(zoo(loss)) == [])
    #expect(try Laws.learningLowersLoss(zoo(loss)) == [])
  }
}
