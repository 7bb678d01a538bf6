import Files
import Images
import Models
import Tasks
import TestSupport
import Testing
import Training

/// Ways to more labelled images than drawing whole ones, and recipes of them.
@Suite(.serialized) struct AugmentWayTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private func augment(_ arguments: String...) throws -> CommandRunner.Result {
    try place.lacuna.run(["augment", "fixtures/digits"] + arguments)
  }

  private func rows(_ directory: String) throws -> [[String]] {
    Array(CSV.lines(of: try place.text("\(directory)/manifest.csv")).dropFirst())
  }

  @Test func copiesOfOriginalsNeedNoModel() throws {
    let result = try augment(
      "--transformed", "2", "--transforms", "shift=strong,mirror", "--output", "o")
    #expect(result.status == 0, "\(result.errors)")
    let rows = try rows("o")
    #expect(rows.count == 800)
    #expect(rows.allSatisfy { $0[11] == "transformed" && $0[4] == $0[9] && !$0[9].isEmpty })
    #expect(rows[0][0] == "0/0-moved-000001.png")
    // Each original twice, and not the same twice.
    #expect(Set(rows.map { $0[9] }).count == 400)
    let (first, again) = (rows[0], try #require(rows.first { $0[0] == "0/0-moved-000041.png" }))
    #expect(first[9] == again[9])
    #expect(try place.bytes("o/\(first[0])") != place.bytes("o/\(again[0])"))
    // Resumed, one that was lost is made again with the same bytes.
    let before = try place.files(below: "o")
    try FileSystem.removeFile(place.path("o/3/3-moved-000007.png"))
    _ = try augment(
      "--transformed", "2", "--transforms", "shift=strong,mirror", "--output", "o", "--resume")
    #expect(try place.files(below: "o") == before)
  }

  @Test func aRedrawnImageKeepsTheRest() throws {
    _ = try place.lacuna.run(
      "train", "fixtures/digits", "--model", "mixture", "--levels", "17", "--output", "m.st",
      "--quiet")
    for shape in RedrawnPart.Shape.allCases {
      let result = try augment(
        "--model", "m.st", "--redraw", "0.25", "--redraw-shape", shape.rawValue, "--per-class",
        "3", "--output", shape.rawValue)
      #expect(result.status == 0, "\(result.errors)")
      var all = 0
      for row in try rows(shape.rawValue) {
        #expect(row[11] == "redrawn" && row[0].contains("-gen-"))
        let made = try ImageFile.read(place.path("\(shape.rawValue)/\(row[0])"))
        let original = try ImageFile.read(place.path("fixtures/digits/\(row[9])"))
        let levels = [made, original].map {
          PixelLevels.levels(
            of: $0, shape: ImageShape(height: 8, width: 8, channels: 1, levels: 17))
        }
        let changed = zip(levels[0], levels[1]).count { $0 != $1 }
        #expect(changed <= 24, "\(shape): \(changed) of 64 pixels")
        all += changed
      }
      // A drawn pixel may be as it was, but hardly most of them.
      #expect(all > 30 * 2, "\(shape): \(all) pixels of 30 images")
    }
    let refused = try augment(
      "--model", "m.st", "--redraw", "0.25", "--around", "1", "--per-class", "3", "--output", "p")
    #expect(refused.status == 64)
  }

  @Test func imagesWithoutALabelGetTheClassThatAModelIsSureOf() throws {
    try place.trainNaiveBayes()
    for number in 1...9 {
      try place.copy(
        "fixtures/digits-holdout/digit\(number)-01.png", to: "more/\(number).png")
    }
    let result = try augment(
      "--labeller", "nb.safetensors", "--pseudo-label", "0.5", "--unlabelled", "more", "--output",
      "o")
    #expect(result.status == 0, "\(result.errors)")
    let rows = try rows("o")
    #expect((3...9).contains(rows.count))
    for row in rows {
      #expect(row[11] == "pseudo-labelled" && Double(row[7]) ?? 0 >= 0.5)
      #expect(row[9].hasPrefix("_unlabelled/"))
    }
    let right = rows.count { $0[9] == "_unlabelled/\($0[1]).png" }
    #expect(2 * right >= rows.count)
    let none = try augment(
      "--labeller", "nb.safetensors", "--pseudo-label", "0.5", "--output", "p")
    #expect(none.status == 1 && none.errors.contains("--unlabelled"))
  }

  @Test func aRecipeIsObeyed() throws {
    let images = try DatasetLoader().load(place.path("fixtures/digits"))
    let way = AugmentationWay(
      transformed: TransformedCopies(
        perOriginal: 1, transforms: ImageTransforms([.rotation: .light, .erase: .strong])))
    try AugmentationRecipe(way, for: images, seed: 5).write(to: place.path("recipe.json"))
    let result = try augment("--recipe", "recipe.json", "--output", "o")
    #expect(result.status == 0, "\(result.errors)")
    _ = try augment(
      "--transformed", "1", "--transforms", "rotation,erase=strong", "--seed", "5", "--output", "p")
    let (obeyed, asked) = (try place.files(below: "o"), try place.files(below: "p"))
    #expect(obeyed.filter { $0.key != "run.json" } == asked.filter { $0.key != "run.json" })
    // Other images, and other wishes.
    let others = try place.lacuna.run(
      "augment", "fixtures/digits", "--unlabelled", "fixtures/digits-holdout", "--recipe",
      "recipe.json", "--output", "q")
    #expect(others.status == 1 && others.errors.contains("other images than the recipe"))
    let wished = try augment("--recipe", "recipe.json", "--per-class", "2", "--output", "q")
    #expect(wished.status == 64)
  }

  @Test func whatStandsInARecipesPlaceStays() throws {
    for name in ["recipe.json", "recipe.drawing.safetensors", "recipe.labelling.safetensors"] {
      try place.folder.write("mine", to: name)
      let result = try place.lacuna.run(
        "recommend", "fixtures/digits", "--minutes", "0.01", "--output", "recipe.json")
      #expect(result.status == 1 && result.errors.contains("\(name): exists"), "\(result.errors)")
      #expect(try place.text(name) == "mine")
      try FileSystem.removeFile(place.path(name))
    }
  }

  @Test func aRecipeOfNothingIsRefusedUnlessAskedFor() throws {
    let images = try DatasetLoader().load(place.path("fixtures/digits"))
    try AugmentationRecipe(.nothing, for: images).write(to: place.path("recipe.json"))
    let refused = try augment("--recipe", "recipe.json", "--output", "o")
    #expect(refused.status == 1 && refused.errors.contains("--anyway"))
    let copied = try augment(
      "--recipe", "recipe.json", "--anyway", "--originals", "copy", "--output", "o")
    #expect(copied.status == 0, "\(copied.errors)")
    #expect(try rows("o").isEmpty)
    #expect(try place.files(below: "o").keys.count { $0.hasSuffix(".png") } == 400)
    try place.folder.write("{}", to: "other.json")
    let foreign = try augment("--recipe", "other.json", "--output", "p")
    #expect(foreign.status == 1 && foreign.errors.contains("is no recipe"))
  }
}
