import Files
import Images
import Models
import TestSupport
import Testing
import Training

/// Few images, from training to drawing, as a user does it.
@Suite struct FewImagesCommandTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  /// Copies so many digits of each class into a folder.
  private func copyDigits(_ counts: [(label: Int, count: Int)], to folder: String) throws {
    for (label, count) in counts {
      for number in 1...count {
        let digits = number < 10 ? "00\(number)" : "0\(number)"
        let name = "\(label)/digit\(label)-\(digits).png"
        try place.copy("fixtures/digits/\(name)", to: "\(folder)/\(name)")
      }
    }
  }

  /// Trains a small dense vae of 17 levels for so many steps.
  private func train(
    _ dataset: String, _ output: String = "vae.st", epochs: Int = 30, _ arguments: String...
  ) throws -> CommandRunner.Result {
    try place.lacuna.run(
      [
        "train", dataset, "--model", "vae", "--set", "network=dense", "--set", "latent=8", "--set",
        "hidden=64", "--set", "warm-up=100", "--levels", "17", "--epochs", "\(epochs)", "--output",
        output,
      ] + arguments)
  }

  private func augment(
    _ dataset: String, _ output: String, _ arguments: String..., model: String = "vae.st"
  ) throws -> CommandRunner.Result {
    try place.lacuna.run(
      ["augment", dataset, "--model", model, "--output", output] + arguments)
  }

  /// The lines of a manifest, each by column.
  private func rows(_ directory: String) throws -> [[String: String]] {
    let lines = CSV.lines(of: try place.text("\(directory)/manifest.csv"))
    return lines.dropFirst().map { line in
      Dictionary(uniqueKeysWithValues: zip(lines[0], line))
    }
  }

  @Test func theChoiceOfTransformsIsTold() throws {
    try copyDigits([(1, 9), (2, 9)], to: "few")
    let result = try train("few", epochs: 1)
    #expect(result.status == 0)
    #expect(
      result.errors.contains("transforms: light, as there are 8 images a class (--transforms none"))
    let strong = try train("few", "s.st", epochs: 1, "--transforms", "strong")
    #expect(strong.errors.contains("transforms: strong\n"))
    #expect(try ModelFile(contentsOf: place.path("s.st")).training["transforms"] == "strong")
    #expect(try train("few", "n.st", epochs: 1, "--transforms", "none", "--quiet").errors.isEmpty)
    #expect(try place.bytes("n.st") != place.bytes("vae.st"))
    #expect(try train("few", "x.st", "--transforms", "wild").status == 64)
  }

  @Test func aClassOfFiveBesideClassesOfForty() throws {
    try copyDigits([(1, 5), (2, 40), (3, 40)], to: "tail")
    #expect(try train("tail", epochs: 40).status == 0)
    for (output, arguments) in [("prior", []), ("near", ["--between", "--around", "2"])]
      as [(String, [String])]
    {
      let result = try place.lacuna.run(
        ["augment", "tail", "--model", "vae.st", "--balance", "--output", output] + arguments)
      #expect(result.status == 0, "\(result.errors)")
      #expect(place.folder.names(in: "\(output)/1").count == 35)
      let rows = try rows(output)
      #expect(rows.count == 35 && rows.allSatisfy { $0["label"] == "1" })
      #expect(rows.allSatisfy { ($0["encoder_distance"].flatMap(Double.init) ?? 0) > 0 })
    }
    #expect(try rows("prior").allSatisfy { $0["drawn_around"] == "" && $0["towards"] == "" })
    for row in try rows("near") {
      let (around, towards) = (row["drawn_around"] ?? "", row["towards"] ?? "")
      #expect(around.hasPrefix("1/digit1-") && towards.hasPrefix("1/digit1-") && around != towards)
      #expect(FileSystem.exists(place.path("tail/\(around)")))
    }
  }

  @Test func oneClassAlone() throws {
    try copyDigits([(4, 12)], to: "one")
    #expect(try train("one").status == 0)
    let result = try augment("one", "o", "--per-class", "6", "--around", "3")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("one: has one class alone"))
    #expect(try rows("o").count == 6)
    #expect(try rows("o").allSatisfy { $0["drawn_around"]?.hasPrefix("4/digit4-") ?? false })
  }

  @Test(arguments: [true, false])
  func oneImageAlone(_ hasClass: Bool) throws {
    try place.copy("fixtures/digits/6/digit6-001.png", to: hasClass ? "one/6/a.png" : "one/a.png")
    let trained = try train("one")
    #expect(trained.status == 0)
    #expect(trained.errors.contains("warning: one: no class can spare an image for validation"))
    for (output, arguments) in [("prior", []), ("near", ["--between"])] as [(String, [String])] {
      let result = try place.lacuna.run(
        ["augment", "one", "--model", "vae.st", "--total", "3", "--output", output] + arguments)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("1 image; how near a copy is cannot be judged"))
      #expect(try rows(output).count == 3)
    }
  }

  /// The column is the distance of `embed`'s features to the nearest original's.
  @Test func encoderDistancesAreThoseOfFeatures() throws {
    try copyDigits([(1, 20), (7, 20)], to: "two")
    #expect(try train("two").status == 0)
    #expect(
      try augment("two", "o", "--per-class", "70", "--precision", "float32", "--allow-copies")
        .status
        == 0)
    func features(_ images: String, _ table: String) throws -> [String: [Double]] {
      let result = try place.lacuna.run(
        "embed", images, "--model", "vae.st", "--output", table, "--precision", "float32")
      #expect(result.status == 0, "\(result.errors)")
      let lines = CSV.lines(of: try place.text(table))
      let columns = lines[0].indices.filter { lines[0][$0].hasPrefix("embedding_") }
      return Dictionary(
        uniqueKeysWithValues: lines.dropFirst().map { line in
          (line[0], columns.compactMap { Double(line[$0]) })
        })
    }
    let originals = try features("two", "originals.csv")
    let drawn = try features("o", "drawn.csv")
    #expect(originals.count == 40 && drawn.count == 140)
    for row in try rows("o") {
      let own = drawn[row["file"] ?? ""] ?? []
      #expect(own.count == 8)
      let nearest = originals.values.map { other in
        (zip(own, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 8).squareRoot()
      }.min()
      let told = row["encoder_distance"].flatMap(Double.init)
      #expect(abs((told ?? 0) - (nearest ?? 1)) < 1e-4)
    }
  }

  /// Less than a hundred images: half of the distance of the nearest two is a copy's.
  @Test func copiesInSmallClassesAreNearerThanHalfWay() throws {
    try copyDigits([(2, 12), (5, 12)], to: "two")
    #expect(
      try place.lacuna.run(
        "train", "two", "--model", "naive-bayes", "--levels", "17", "--output", "nb.st", "--quiet"
      ).status == 0)
    let result = try augment("two", "o", "--per-class", "3", "--json", model: "nb.st")
    #expect(result.status == 0, "\(result.errors)")
    let told = result.output.split(separator: "\n").filter { $0.contains("\"copy_distance\"") }
      .compactMap { line in Double(line.filter { $0.isNumber || $0 == "." }) }
    let folder = try ImageFolder(path: place.path("two"))
    for (label, name) in ["2", "5"].enumerated() {
      let images = try folder.entries.filter { $0.relativePath.hasPrefix("\(name)/") }.map {
        entry in
        try ImageFile.read(folder.path(of: entry)).pixels.map { Double(Int($0) * 17 / 256) / 16 }
      }
      var nearest = Double.infinity
      for (index, one) in images.enumerated() {
        for other in images[..<index] {
          let sum = zip(one, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
          nearest = min(nearest, (sum / 64).squareRoot())
        }
      }
      #expect(images.count == 12 && told.count == 2)
      #expect(abs(told[label] - nearest / 2) < 1e-9)
    }
  }

  /// Learnt for long, judged by itself: it draws the twenty digits over and over.
  @Test func aNetworkThatKnowsTwentyImagesByHeartIsCaught() throws {
    try copyDigits([(3, 10), (4, 10)], to: "twenty")
    let trained = try place.lacuna.run(
      "train", "twenty", "--model", "pixelcnn", "--set", "layers=2", "--set", "channels=24",
      "--set", "first-kernel=5", "--set", "dropout=0", "--set", "label-dropout=0", "--levels", "4",
      "--epochs", "700", "--learning-rate", "0.004", "--transforms", "none", "--patience", "0",
      "--validation-set", "twenty", "--output", "heart.st", "--quiet")
    #expect(trained.status == 0, "\(trained.errors)")
    let result = try augment("twenty", "o", "--per-class", "200", model: "heart.st")
    #expect(result.status == 1)
    #expect(result.errors.contains("the model seems to have learnt its images by heart"))
    let numbers = result.errors.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
    // "class '3': of 200 samples 197 copy an original"
    let (drawn, copies) = (numbers.count > 2 ? numbers[1] : 0, numbers.count > 2 ? numbers[2] : 0)
    #expect(drawn >= 200 && Double(copies) >= 0.95 * Double(drawn), "\(result.errors)")
  }

  @Test func aroundNeedsAnEncoderThatPaints() throws {
    try place.trainNaiveBayes()
    let result = try augment(
      "fixtures/digits", "o", "--per-class", "2", "--around", "1", model: "nb.safetensors")
    #expect(result.status == 1)
    #expect(result.errors.contains("--around: 'naive-bayes' does not encode images"))
    #expect(
      try augment("fixtures/digits", "o", "--per-class", "2", "--around", "-1", model: "x").status
        == 64)
  }
}
