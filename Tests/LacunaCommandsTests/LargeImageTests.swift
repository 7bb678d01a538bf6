import Files
import Images
import TestSupport
import Testing

/// Images larger than the model, filled through windows of its size.
@Suite struct LargeImageTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
  }

  /// A picture with shades and edges, 200 x 150 or as large as it is asked to be.
  private func photograph(width: Int = 200, height: Int = 150, seed: Int = 0) -> Image {
    var image = Image(width: width, height: height, format: .rgb, filledWith: [0, 0, 0])
    for y in 0..<height {
      for x in 0..<width {
        let disc = (x - 90) * (x - 90) + (y - 70) * (y - 70) < 2500
        image[x, y, 0] = UInt8((x * 255 / width + seed * 40) % 256)
        image[x, y, 1] = UInt8(disc ? 200 : y * 160 / height)
        image[x, y, 2] = UInt8((x / 20 + y / 15 + seed) % 2 * 90 + 60)
      }
    }
    return image
  }

  private func train(_ model: String, _ settings: [String]) throws {
    for seed in 0..<6 {
      try place.folder.write(photograph(width: 60, height: 48, seed: seed), to: "learn/\(seed).png")
    }
    let result = try place.lacuna.run(
      [
        "train", "learn", "--model", model, "--size", "16x12", "--epochs", "2", "--validation",
        "0.2", "--output", "rgb.safetensors",
      ] + settings)
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test(arguments: [
    (
      "pixelcnn", ["layers=1", "channels=4", "first-kernel=3"], ["--particles", "8"],
      "windows-ordered+particles"
    ), ("any-order", ["channels=8", "blocks=1"], [], "windows-any-order"),
  ])
  func holesInAPhotographAreFilled(
    _ model: String, _ settings: [String], _ filling: [String], _ method: String
  ) throws {
    try train(model, settings.flatMap { ["--set", $0] })
    let photograph = photograph()
    try place.folder.write(photograph, to: "images/photograph.png")
    // A block, a scratch, and the last pixels, which come last in raster order too.
    var mask = Mask(width: 200, height: 150, allMissing: false)
    for y in 60..<78 {
      for x in 100..<125 { mask[x, y] = true }
    }
    for step in 0..<30 { mask[10 + step, 20 + step / 2] = true }
    for x in 190..<200 { mask[x, 149] = true }
    try place.folder.write(mask.image(), to: "masks/photograph.png")
    let result = try place.lacuna.run(
      [
        "impute", "images", "--masks", "masks", "--model", "rgb.safetensors", "--output", "out",
        "--samples", "2", "--mean", "--uncertainty", "--contact-sheet", "sheet.png",
      ] + filling)
    #expect(result.status == 0, "\(result.errors)")
    let rows = try place.completions("out")
    #expect(rows.count == 2)
    #expect(rows.allSatisfy { $0[3] == "\(mask.missingCount)" && $0[5] == "approximate" })
    #expect(rows.allSatisfy { $0[6] == method }, "\(rows)")
    #expect(rows.allSatisfy { (Double($0[4]) ?? .nan) < 0 })
    let filled = try (1...2).map {
      try ImageFile.read(place.path("out/photograph.\($0).png"))
    }
    var drawn: Set<[UInt8]> = []
    for image in filled {
      #expect(image.format == .rgb && image.width == 200 && image.height == 150)
      for (pixel, isMissing) in mask.missing.enumerated() {
        let range = pixel * 3..<pixel * 3 + 3
        if isMissing {
          drawn.insert(Array(image.pixels[range]))
        } else if image.pixels[range] != photograph.pixels[range] {
          Issue.record("the known pixel \(pixel) has changed")
          return
        }
      }
    }
    #expect(drawn.count > 50)
    #expect(filled[0] != filled[1])
    #expect(FileSystem.exists(place.path("sheet.png")))
  }

  @Test func imagesLargerInOneSideAreFilled() throws {
    try place.trainNaiveBayes()
    var wide = Image(width: 20, height: 8, format: .grey, filledWith: [30])
    for x in 0..<20 { wide[x, 3] = UInt8(x * 12) }
    try place.folder.write(wide, to: "images/wide.png")
    let result = try place.lacuna.run(
      "impute", "images", "--region", "3,2,14,4", "--model", "nb.safetensors", "--output", "out")
    #expect(result.status == 0)
    #expect(
      try place.completions("out").map { Array($0[5...]) }
        == [["approximate", "windows-closed-form", ""]])
    let after = try ImageFile.read(place.path("out/wide.png"))
    for y in 0..<8 {
      for x in 0..<20 where !((3..<17).contains(x) && (2..<6).contains(y)) {
        #expect(after[x, y] == wide[x, y])
      }
    }
  }

  @Test func imagesSmallerThanTheModelAreSkippedAndSayWhatToDo() throws {
    try place.trainNaiveBayes()
    try place.copy("fixtures/digits-holdout/digit0-01.png", to: "images/a.png")
    for (name, width, height) in [("b", 7, 8), ("c", 30, 5)] {
      try place.folder.write(
        Image(width: width, height: height, format: .grey, filledWith: [9]),
        to: "images/\(name).png")
    }
    let arguments = [
      "impute", "images", "--region", "0,0,2,2", "--model", "nb.safetensors", "--output", "out",
    ]
    let result = try place.lacuna.run(arguments)
    #expect(result.status == 2)
    #expect(
      result.errors.contains(
        "images/b.png: is 7x8, smaller than the 8x8 of the model; enlarge the image"))
    #expect(result.errors.contains("images/c.png: is 30x5, smaller than"))
    #expect(try place.completions("out").count == 1)
    #expect(try place.lacuna.run(arguments + ["--strict", "--overwrite"]).status == 1)
  }
}
