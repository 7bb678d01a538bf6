import Models
import TestSupport
import Testing
import Training

/// Training with few labels, as a user does it.
@Suite struct LabelledTrainingTests {
  private func train(
    _ place: Workplace, _ dataset: String, _ arguments: String..., output: String
  ) throws -> CommandRunner.Result {
    try place.lacuna.run(
      ["train", dataset, "--model", "naive-bayes", "--output", output, "--json"] + arguments)
  }

  @Test func someLabelsOfEachClass() throws {
    let place = try Workplace()
    let result = try train(
      place, "fixtures/digits", "--labels-per-class", "3", output: "few.safetensors")
    #expect(result.status == 0)
    #expect(
      result.errors.hasPrefix(
        "360 images to learn (30 labelled), 40 to validate: 8x8 grey, 256 levels, 10 classes\n"))
    #expect(result.output.contains("\"labelled_images\": 30,"))
    let file = try ModelFile(contentsOf: place.path("few.safetensors"))
    #expect(file.classes == (0...9).map(String.init))
    #expect(file.training["labelled_images"] == "30")
    #expect(file.classCounts == [Int](repeating: 3, count: 10))
    let again = try train(
      place, "fixtures/digits", "--labels-per-class", "3", output: "again.safetensors")
    #expect(again.status == 0)
    #expect(try place.bytes("few.safetensors") == place.bytes("again.safetensors"))
  }

  @Test func labelsOfATable() throws {
    let place = try Workplace()
    let names = place.folder.names(in: "fixtures/digits-holdout")
    let lines = names.prefix(8).enumerated().map { "\($1),\($0 % 2 == 0 ? "even" : "odd")\n" }
    try place.folder.write("filename,label\n" + lines.joined(), to: "labels.csv")
    let result = try train(
      place, "fixtures/digits-holdout", "--labels", "labels.csv", output: "table.safetensors")
    #expect(result.status == 0)
    #expect(result.errors.hasPrefix("18 images to learn (8 labelled), 2 to validate: "))
    let file = try ModelFile(contentsOf: place.path("table.safetensors"))
    #expect(file.classes == ["even", "odd"])
  }

  @Test func aFolderWithoutLabels() throws {
    let place = try Workplace()
    for name in place.folder.names(in: "fixtures/digits-holdout") {
      let parts = name.split(separator: "-")
      let isKnown = parts.last == "01.png"
      try place.copy(
        "fixtures/digits-holdout/\(name)", to: "set/\(isKnown ? parts[0] : "_unlabelled")/\(name)")
    }
    let result = try train(place, "set", output: "folder.safetensors")
    #expect(result.status == 0)
    #expect(result.errors.hasPrefix("18 images to learn (10 labelled), 2 to validate: "))
    let file = try ModelFile(contentsOf: place.path("folder.safetensors"))
    #expect(file.classes == (0...9).map { "digit\($0)" })
  }

  @Test func theWholeIsNotSaidToBePartlyLabelled() throws {
    let place = try Workplace()
    let result = try train(place, "fixtures/digits", output: "all.safetensors")
    #expect(result.errors.hasPrefix("360 images to learn, 40 to validate: "))
    #expect(result.output.contains("\"labelled_images\": 360,"))
    let file = try ModelFile(contentsOf: place.path("all.safetensors"))
    #expect(file.training["labelled_images"] == nil)
  }

  /// A step of a model that is not made for few labels learns from all images alike.
  @Test func aConditionalModelLearnsFromBoth() throws {
    let place = try Workplace()
    let result = try place.lacuna.run(
      place.tinyPixelCNN("p.safetensors") + ["--labels-per-class", "2", "--json"])
    #expect(result.status == 0)
    #expect(result.output.contains("\"steps\": 12,"))
    let file = try ModelFile(contentsOf: place.path("p.safetensors"))
    #expect(file.model.classCount == 10)
  }
}
