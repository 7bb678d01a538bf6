import TestSupport
import Testing

/// Outputs depend neither on the batch, nor on the number of threads, nor on the other images of a run, whatever the
/// method.
@Suite struct CompanyTests {
  /// How a model is trained, and how holes are filled with it.
  struct Way: Sendable, CustomTestStringConvertible {
    let method: String
    let training: [String]
    var options: [String] = []
    var region = "2,1,4,5"
    var testDescription: String { method }
  }

  private static let pixelcnn = [
    "pixelcnn", "--set", "layers=2", "--set", "channels=4", "--set", "first-kernel=3", "--set",
    "orders=2", "--levels", "4",
  ]
  private static let anyOrder = [
    "any-order", "--set", "channels=8", "--set", "blocks=1", "--levels", "4",
  ]
  private static let vae = [
    "vae", "--set", "network=dense", "--set", "hidden=16", "--set", "latent=4", "--levels", "2",
  ]

  static let ways = [
    Way(method: "closed-form", training: ["naive-bayes"]),
    Way(method: "closed-form", training: ["mixture", "--set", "components=3"]),
    Way(method: "ordered", training: pixelcnn, region: "bottom-half"),
    Way(method: "ordered", training: pixelcnn, options: ["--method", "ordered"]),
    Way(method: "raster", training: pixelcnn, options: ["--method", "raster"]),
    Way(method: "particles", training: pixelcnn, options: ["--particles", "9"]),
    Way(method: "particles", training: pixelcnn, options: ["--particles", "100"]),
    Way(method: "any-order", training: anyOrder),
    Way(method: "any-order-steps", training: anyOrder, options: ["--steps", "3"]),
    Way(method: "metropolis-within-gibbs", training: vae),
  ]

  @Test(arguments: ways)
  func imagesAreFilledAsIfAlone(_ way: Way) throws {
    let place = try Workplace()
    for name in ["digit0-01", "digit3-02", "digit5-01", "digit8-02"] {
      try place.copy("fixtures/digits-holdout/\(name).png", to: "images/\(name).png")
    }
    let trained = try place.lacuna.run(
      [
        "train", "fixtures/digits", "--epochs", "1", "--unconditional", "--output",
        "m.safetensors", "--model",
      ] + way.training)
    #expect(trained.status == 0, "\(trained.errors)")
    // One that is filled through windows is among them.
    try place.copy("fixtures/odd/grey-8-bit.png", to: "images/large.png")
    func fill(_ images: String, _ output: String, _ options: [String]) throws -> [String: [UInt8]] {
      let result = try place.lacuna.run(
        [
          "impute", images, "--region", way.region, "--model", "m.safetensors", "--samples", "2",
          "--output", output,
        ] + way.options + options)
      #expect(result.status == 0, "\(result.errors)")
      var files = try place.files(below: output)
      // The command itself stands in run.json.
      files["run.json"] = nil
      return files
    }
    let whole = try fill("images", "whole", [])
    #expect(try fill("images", "other", ["--batch", "3", "--threads", "1"]) == whole)
    for name in ["digit5-01", "large"] {
      let alone = try fill("images/\(name).png", "alone-\(name)", [])
      for sample in 1...2 {
        let file = "\(name).\(sample).png"
        #expect(alone[file] != nil && alone[file] == whole[file])
      }
    }
    let rows = try place.completions("whole")
    #expect(rows.count == 10)
    for row in rows {
      let expected = row[0] == "large.png" ? "windows-\(way.method)" : way.method
      #expect(row[6].hasPrefix(expected), "\(row)")
    }
    #expect(whole["digit5-01.1.png"] != whole["digit5-01.2.png"])
  }
}
