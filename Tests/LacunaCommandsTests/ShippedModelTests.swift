import Files
import Images
import TestSupport
import Testing

/// What the shipped model has always drawn, it draws: whatever is rebuilt beneath it.
///
/// Samples of pixels alone, in float32: PNG's bytes are libpng's, and the last digit of a likelihood the processor's.
@Suite struct ShippedModelTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  /// The SHA-256 of the pixels of all pictures below a folder, in order of their paths.
  private func digest(_ folder: String) throws -> String {
    let pictures = try place.files(below: folder).keys.filter { $0.hasSuffix(".png") }.sorted()
    return SHA256.hexadecimal(
      of: try pictures.flatMap { try ImageFile.read(place.path("\(folder)/\($0)")).pixels })
  }

  private func run(_ arguments: String...) throws -> CommandRunner.Result {
    let result = try place.lacuna.run(
      arguments + [
        "--model", "fixtures/models/digits-pixelcnn.safetensors", "--precision", "float32",
        "--quiet",
      ])
    #expect(result.status == 0, "\(result.errors)")
    return result
  }

  @Test func fillsTheSamePixels() throws {
    _ = try run(
      "impute", "fixtures/digits-holdout", "--region", "top-half", "--samples", "2", "--seed", "5",
      "--output", "filled")
    #expect(
      try digest("filled") == "89e705011408290ccac730011f85f6d3d39bd883ad5f46a5675ee2d06b616db1")
  }

  @Test func drawsTheSameImages() throws {
    _ = try run(
      "augment", "fixtures/digits", "--per-class", "3", "--seed", "5", "--output", "drawn")
    #expect(
      try digest("drawn") == "a82feaa7620eb39b2fc406f666f487048240badeb9fa9058b98bf70a2311fffd")
  }

  @Test func givesTheSameLikelihoods() throws {
    let result = try run(
      "evaluate", "imputation", "fixtures/digits-holdout", "--region", "left-half", "--samples",
      "4", "--json")
    #expect(result.output.contains("\"nats\": 41.0916"), "\(result.output)")
  }
}
