import Files
import Images
import TestSupport
import Testing

/// `lacuna evaluate samples` at the command line.
@Suite struct EvaluateSamplesTests {
  private let place: Workplace

  /// Of each digit 16 images to learn from, 12 to compare with, and 12 that stand for a perfect model's.
  init() throws {
    place = try Workplace()
    for digit in 0..<10 {
      for (number, name) in place.folder.names(in: "fixtures/digits/\(digit)").sorted().enumerated()
      {
        let part = number < 16 ? "train" : number < 28 ? "test" : "real"
        try place.copy("fixtures/digits/\(digit)/\(name)", to: "\(part)/\(digit)/\(name)")
      }
    }
  }

  /// The JSON of a run.
  private func measured(_ more: String...) throws -> JSON {
    let result = try place.lacuna.run(
      [
        "evaluate", "samples", "test", "--training-set", "train", "--levels", "17", "--steps",
        "200", "--json", "--quiet",
      ] + more)
    #expect(result.status == 0, "\(result.errors)")
    return try JSON(reading: result.output)
  }

  private func number(_ json: JSON, _ names: String...) throws -> Double {
    var value = json
    for name in names { value = try #require(value[name]) }
    return try #require(value.asNumber)
  }

  /// Real images are nearer than a model, that than the same model before it had learnt, and that than noise.
  @Test func distancesOrderWhatIsOrdered() throws {
    for (name, epochs) in [("good", "60"), ("early", "25")] {
      let trained = try place.lacuna.run(
        "train", "train", "--model", "pixelcnn", "--set", "channels=24", "--levels", "17",
        "--epochs", epochs, "--quiet", "--output", "\(name).st")
      #expect(trained.status == 0)
    }
    var state: UInt64 = 5
    for image in 0..<120 {
      let pixels = (0..<64).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1
        return UInt8(state >> 56)
      }
      try place.folder.write(
        Image(width: 8, height: 8, format: .grey, pixels: pixels),
        to: "noise/\(image % 10)/\(image).png")
    }
    let ordered = [
      try measured("--generated", "real"),
      try measured("--model", "good.st", "--samples", "120"),
      try measured("--model", "early.st", "--samples", "120"),
      try measured("--generated", "noise"),
    ]
    for (nearer, farther) in zip(ordered, ordered.dropFirst()) {
      for name in ["frechet_distance", "frechet_distance_extrapolated", "nearest_original_median"] {
        #expect(
          try number(nearer, "generated_images", name)
            < number(farther, "generated_images", name), "\(name)")
      }
      #expect(
        try number(nearer, "generated_images", "kernel_distance", "value")
          < number(farther, "generated_images", "kernel_distance", "value"))
      #expect(
        try number(nearer, "generated_images", "coverage")
          > number(farther, "generated_images", "coverage"))
      #expect(
        try number(nearer, "generated_images", "parzen_nats", "value")
          > number(farther, "generated_images", "parzen_nats", "value"))
    }
    #expect(
      try number(ordered[0], "generated_images", "classifier_accuracy")
        > number(ordered[1], "generated_images", "classifier_accuracy") + 0.1)
    // Real images are no nearer to real ones than chance has it, and what stands beside them says so.
    let real = ordered[0]
    for side in ["generated_images", "real_in_their_place"] {
      let value = try number(real, side, "kernel_distance", "value")
      #expect(try abs(value) < 3 * number(real, side, "kernel_distance", "standard_error"))
      #expect(try number(real, side, "copies") < 0.05)
    }
  }

  @Test func repeatedOriginalsAreTold() throws {
    // One image of each class, twelve times.
    for digit in 0..<10 {
      let name = try #require(place.folder.names(in: "train/\(digit)").min())
      for copy in 0..<12 {
        try place.copy("train/\(digit)/\(name)", to: "copies/\(digit)/\(copy).png")
      }
    }
    let copied = try measured("--generated", "copies")
    let real = try measured("--generated", "real")
    #expect(try number(copied, "generated_images", "copies") == 1)
    #expect(try number(copied, "generated_images", "nearest_original_median") == 0)
    #expect(
      try number(copied, "generated_images", "coverage")
        < 0.6 * number(real, "generated_images", "coverage"))
    #expect(
      try number(copied, "generated_images", "recall")
        < 0.2 * number(real, "generated_images", "recall"))
    // They look like real ones all the same.
    #expect(try number(copied, "generated_images", "precision") > 0.8)
  }

  @Test func missingClassesAreTold() throws {
    for digit in 0..<10 where digit != 3 && digit != 7 {
      for name in place.folder.names(in: "real/\(digit)") {
        try place.copy("real/\(digit)/\(name)", to: "eight/\(digit)/\(name)")
      }
    }
    let eight = try measured("--generated", "eight")
    let real = try measured("--generated", "real")
    #expect(eight["classes"]?["missed"]?.texts == ["3", "7"])
    #expect(real["classes"]?["missed"]?.texts == [])
    #expect(try number(eight, "classes", "probability") < 0.05)
    #expect(try number(real, "classes", "probability") > 0.05)
    #expect(
      try number(eight, "generated_images", "recall")
        < number(real, "generated_images", "recall") - 0.05)
    // A class has no generated image: nothing is taught by them.
    #expect(eight["generated_images"]?["classifier_accuracy"]?.isNull == true)
  }

  @Test func picturesAndTheTableAreThere() throws {
    try place.trainNaiveBayes()
    let arguments = [
      "evaluate", "samples", "fixtures/digits", "--model", "nb.safetensors", "--steps", "20",
    ]
    let result = try place.lacuna.run(
      arguments + ["--contact-sheet", "sheet.png", "--plot", "plot.png"])
    #expect(result.status == 0, "\(result.errors)")
    for line in [
      "features       penultimate layer of the fixed small classifier (128), learnt from 200 real",
      "\nFrechet distance ", "\nParzen window, nats ", "\ncopies of originals % ", "\nchi-square ",
      "REAL IN THEIR PLACE", "CLASS AS SEEN",
    ] {
      #expect(result.output.contains(line), "\(line)")
    }
    #expect(result.errors.contains("features are learnt from one half of it"))
    #expect(result.errors.contains("150 images tell little of 128 features"))
    // Six pairs a row, ten rows of pictures of 64 pixels.
    let sheet = try ImageFile.read(place.path("sheet.png"))
    #expect(sheet.width > 12 * 64 && sheet.height > 10 * 64)
    #expect(Set(try ImageFile.read(place.path("plot.png")).pixels).count > 10)
    let json = try place.lacuna.run(arguments + ["--json", "--threads", "2"]).output
    #expect(try place.lacuna.run(arguments + ["--json", "--threads", "1"]).output == json)
    #expect(
      try place.lacuna.run(arguments + ["--json", "--batch", "7"]).output == json)
    #expect(try place.lacuna.run(arguments + ["--json", "--seed", "1"]).output != json)
    #expect(try place.lacuna.run(arguments + ["--json", "--temperature", "0.3"]).output != json)
  }

  @Test func imagesWithoutLabelsAreComparedByPixelsOrByAModel() throws {
    for digit in 0..<10 {
      for name in place.folder.names(in: "train/\(digit)") {
        try place.copy("train/\(digit)/\(name)", to: "loose/\(name)")
      }
    }
    try place.trainAutoencoder()
    let arguments = ["evaluate", "samples", "fixtures/digits-holdout", "--training-set", "loose"]
    let result = try place.lacuna.run(arguments + ["--generated", "loose"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("features       pixels (64)"))
    #expect(!result.output.contains("CLASS AS SEEN"))
    #expect(result.errors.contains("no class is told"))
    let encoded = try place.lacuna.run(
      arguments + ["--generated", "loose", "--features", "encoder.safetensors", "--levels", "17"])
    #expect(encoded.status == 0, "\(encoded.errors)")
    #expect(encoded.output.contains("features       encoding by encoder.safetensors (4)"))
  }
}

extension JSON {
  fileprivate var texts: [String]? {
    guard case .list(let items) = self else { return nil }
    return items.compactMap(\.asText)
  }

  fileprivate var isNull: Bool {
    if case .null = self { true } else { false }
  }
}
