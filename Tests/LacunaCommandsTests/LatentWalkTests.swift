import Images
import Tasks
import TestSupport
import Testing

/// Walks through latent spaces.
@Suite struct LatentWalkTests {
  @Test func waysEndAtTheirEnds() {
    let (start, end): ([Float], [Float]) = ([1, 2, -1], [0, -3, 4])
    for way in LatentPath.allCases {
      let points = way.points(from: start, to: end, count: 7)
      #expect(points.count == 7)
      for (found, expected) in [(points[0], start), (points[6], end)] {
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(way)")
      }
    }
  }

  @Test func sphericalWayKeepsItsLength() {
    let points = LatentPath.spherical.points(from: [3, 0, 0], to: [0, 0, 3], count: 9)
    for point in points {
      #expect(abs(point.reduce(0) { $0 + $1 * $1 }.squareRoot() - 3) < 1e-4)
    }
    let linear = LatentPath.linear.points(from: [3, 0, 0], to: [0, 0, 3], count: 3)
    #expect(linear[1] == [1.5, 0, 1.5])
  }

  @Test func stripsAndSheetsAreWritten() throws {
    let place = try Workplace()
    let trained = try place.lacuna.run(
      "train", "fixtures/digits", "--model", "vae", "--epochs", "1", "--set", "channels=4",
      "--set", "hidden=16", "--set", "latent=4", "--output", "vae.safetensors")
    #expect(trained.status == 0, "\(trained.errors)")
    let image = "fixtures/digits-holdout/digit0-01.png"
    let other = "fixtures/digits-holdout/digit1-01.png"
    let runs: [(name: String, arguments: [String])] = [
      ("strip.png", ["interpolate", image, other, "--steps", "4"]),
      ("samples.png", ["interpolate", "--seed", "3", "--steps", "5"]),
      ("sheet.png", ["traverse", image, "--count", "3", "--steps", "5"]),
      ("named.png", ["traverse", image, "--latents", "2", "--steps", "3"]),
    ]
    for (name, arguments) in runs {
      let line = arguments + ["--model", "vae.safetensors", "--output", name]
      let result = try place.lacuna.run(line)
      #expect(result.status == 0, "\(result.errors)")
      let picture = try ImageFile.read(place.folder.path(name))
      #expect(Set(picture.pixels).count > 2, "\(name) shows nothing")
      let again = try place.lacuna.run(line)
      #expect(again.status == 1 && again.errors.contains("--overwrite"))
    }
    let stray = try place.lacuna.run(
      "traverse", image, "--latents", "4", "--model", "vae.safetensors", "--output", "x.png")
    #expect(stray.status == 64 && stray.errors.contains("0...3"), "\(stray.errors)")
  }

  @Test func modelsWithoutLatentsSaySo() throws {
    let place = try Workplace()
    let result = try place.lacuna.run(
      "interpolate", "--model", "fixtures/models/digits-pixelcnn.safetensors", "--output", "x.png")
    #expect(result.status == 1 && result.errors.contains("cannot decode"), "\(result.errors)")
  }
}
