import Files
import Images
import TestSupport
import Testing

/// Whatever the kind of file, its known pixels come back as they were, in the same format.
@Suite struct ImputedFormatTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
  }

  private func train(_ images: [String], _ options: [String]) throws {
    for image in images { try place.copy("fixtures/odd/\(image)", to: "learn/\(image)") }
    let result = try place.lacuna.run(
      ["train", "learn", "--model", "naive-bayes", "--output", "nb.safetensors"] + options)
    #expect(result.status == 0)
  }

  /// Completes one image and compares its known pixels with those it had.
  private func check(_ name: String, _ options: [String] = []) throws -> (Image, String) {
    try place.copy("fixtures/odd/\(name)", to: "images/\(name)")
    let result = try place.lacuna.run(
      [
        "impute", "images/\(name)", "--region", "3,2,10,9", "--model", "nb.safetensors",
        "--output", "out-\(name)",
      ] + options)
    #expect(result.status == 0)
    let before = try ImageFile.read(place.path("images/\(name)"))
    let output = FileSystem.withoutExtension(name) + ".png"
    let after = try ImageFile.read(place.path("out-\(name)/\(output)"))
    #expect(after.format == before.format)
    let region = try Region(parsing: "3,2,10,9")
    let mask = try Mask(width: before.width, height: before.height, region: region)
    let channels = before.channels
    for (pixel, isMissing) in mask.missing.enumerated() where !isMissing {
      let range = pixel * channels..<(pixel + 1) * channels
      #expect(after.pixels[range] == before.pixels[range])
    }
    return (after, result.errors)
  }

  @Test(arguments: [
    "rgb.png", "rgb-interlaced.png", "rgb.jpg", "rgb-progressive.jpg", "cmyk.jpg",
    "palette-8-bit.png", "palette-2-bit.png", "rgba.png", "grey-alpha.png", "grey.jpg",
    "grey-8-bit.png", "palette-transparent.png", "orientation-6.jpg",
  ])
  func knownPixelsStay(_ name: String) throws {
    try train(["rgb.png", "rgb.jpg"], ["--channels", "rgb"])
    _ = try check(name)
  }

  @Test func sixteenBitsAreRoundedAndSaySo() throws {
    try train(["rgb.png", "rgb.jpg"], ["--channels", "rgb"])
    let (_, errors) = try check("rgb-16-bit.png")
    #expect(errors.contains("has 16 bits a sample; its output has 8, rounded"))
  }

  @Test func oneBitStaysOneBit() throws {
    try train(["grey-1-bit.png", "grey-1-bit-interlaced.png"], [])
    let (after, _) = try check("grey-1-bit.png")
    #expect(after.bitDepth == 1)
  }

  @Test func aGreyModelFillsColourWithGreyAndSaysSo() throws {
    try train(["grey-8-bit.png", "grey-interlaced.png"], [])
    let (after, errors) = try check("rgb.png")
    #expect(errors.contains("this model fills holes with grey"))
    #expect(after[5, 5, 0] == after[5, 5, 1])
  }

  @Test func transparentPixelsAreFilledAndBecomeOpaque() throws {
    try train(["grey-8-bit.png", "grey-interlaced.png"], [])
    var image = Image(width: 24, height: 16, format: .greyAlpha, filledWith: [90, 200])
    for x in 4..<9 { image[x, 7, 1] = 0 }
    try place.folder.write(image, to: "images/hole.png")
    let result = try place.lacuna.run(
      "impute", "images", "--masks", "alpha", "--model", "nb.safetensors", "--output", "out")
    #expect(result.status == 0)
    let after = try ImageFile.read(place.path("out/hole.png"))
    for (index, value) in after.pixels.enumerated() where index % 2 == 1 {
      let (x, y) = (index / 2 % 24, index / 2 / 24)
      #expect(value == (y == 7 && (4..<9).contains(x) ? 255 : 200))
    }
  }

  @Test func jpegIsWrittenWithAWarning() throws {
    try train(["grey-8-bit.png", "grey-interlaced.png"], [])
    let result = try place.lacuna.run(
      "impute", "fixtures/odd/grey-8-bit.png", "--region", "center", "--model", "nb.safetensors",
      "--output", "out", "--format", "jpeg")
    #expect(result.status == 0)
    #expect(result.errors.contains("JPEG"))
    #expect(try ImageFile.information(place.path("out/grey-8-bit.jpg")).fileFormat == .jpeg)
  }
}
