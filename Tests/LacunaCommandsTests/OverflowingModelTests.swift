import Layers
import Models
import Tensors
import TestSupport
import Testing
import Training

/// A model whose weights are numbers, and run over as soon as they are used.
@Suite struct OverflowingModelTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    let instance = try ModelInstance(
      named: "vae", settings: ["network": "dense", "latent": "4", "hidden": "16"],
      shape: ImageShape(height: 8, width: 8, channels: 1, levels: 17), classCount: 10)
    for parameter in instance.store.parameters {
      parameter.assign(parameter.value.detached * 1e30)
    }
    try ModelFile(instance: instance, classes: (0..<10).map(String.init))
      .write(to: place.path("m.st"))
  }

  /// Every command ends with the reason; none crashes, or writes what means nothing.
  @Test(arguments: [
    "impute fixtures/digits-holdout --region center --output o",
    "augment fixtures/digits --per-class 2 --output o", "embed fixtures/digits --output o",
    "evaluate likelihood fixtures/digits", "interpolate --output o",
    "traverse fixtures/digits-holdout/digit0-01.png --output o",
  ])
  func isToldOf(_ line: String) throws {
    let result = try place.lacuna.run(
      line.split(separator: " ").map(String.init) + ["--model", "m.st", "--quiet"])
    #expect(result.status == 1, "\(result.transcript)")
    #expect(result.errors.contains("not finite"), "\(result.errors)")
  }
}
