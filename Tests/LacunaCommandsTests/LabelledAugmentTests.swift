import Files
import TestSupport
import Testing

/// `lacuna augment` of images whose labels stand in a table.
@Suite struct LabelledAugmentTests {
  private let place: Workplace
  private let names: [String]

  init() throws {
    place = try Workplace()
    names = Array(place.folder.names(in: "fixtures/digits/0").prefix(8))
    for name in names { try place.copy("fixtures/digits/0/\(name)", to: "flat/\(name)") }
    try write("labels.csv") { $0 % 2 == 0 ? "even" : "odd" }
    try train("labels.csv")
  }

  private func write(_ table: String, _ label: (Int) -> String) throws {
    let rows = names.enumerated().map { CSV.line([$1, label($0)]) }
    try place.folder.write("filename,label\n" + rows.joined(), to: table)
  }

  private func train(_ table: String) throws {
    let result = try place.lacuna.run(
      "train", "flat", "--labels", table, "--model", "mixture", "--levels", "17", "--output",
      "m.st", "--overwrite", "--quiet")
    #expect(result.status == 0, "\(result.errors)")
  }

  private func augment(_ arguments: String...) throws -> CommandRunner.Result {
    try place.lacuna.run(
      ["augment", "flat", "--model", "m.st", "--allow-copies", "--output", "o"] + arguments)
  }

  @Test func eachClassOfTheTableGetsImages() throws {
    let result = try augment(
      "--labels", "labels.csv", "--per-class", "3", "--originals", "copy")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    let rows = CSV.lines(of: try place.text("o/manifest.csv")).dropFirst()
    #expect(rows.map { $0[1] } == ["even", "even", "even", "odd", "odd", "odd"])
    // The originals join their classes.
    #expect(place.folder.names(in: "o/even").count == 7)
    #expect(FileSystem.exists(place.path("o/odd/\(names[1])")))
    let resumed = try augment("--labels", "labels.csv", "--to", "8", "--resume")
    #expect(resumed.status == 0 && resumed.output.contains("done before"))
    try write("others.csv") { $0 < 2 ? "even" : "odd" }
    let other = try augment("--labels", "others.csv", "--to", "8", "--resume")
    #expect(other.status == 1 && other.errors.contains("was made with other images"))
  }

  @Test func withoutLabelsTheRemedyIsSaid() throws {
    for amount in [
      ["--per-class", "3"], ["--to", "9"], ["--balance"], ["--per-class=1", "--classes=odd"],
    ] {
      let result = try place.lacuna.run(
        ["augment", "flat", "--model", "m.st", "--output", "o"] + amount)
      #expect(result.status == 1)
      #expect(result.errors.contains("has a label") && result.errors.contains("--labels FILE.csv"))
      #expect(!FileSystem.exists(place.path("o")))
    }
    let total = try augment("--total", "3")
    #expect(total.status == 0)
    #expect(total.errors.contains("lacuna: warning: flat: no image has a label; what is drawn"))
  }

  @Test(arguments: ["../x", "a/b", ".a", ".."])
  func labelsThatAreNoNamesOfFoldersAreRefused(_ name: String) throws {
    try write("bad.csv") { $0 % 2 == 0 ? name : "odd" }
    try train("bad.csv")
    let before = place.folder.names()
    let result = try augment("--labels", "bad.csv", "--per-class", "1")
    #expect(result.status == 1)
    #expect(result.errors.contains("the class '\(name)' cannot be the name of a folder"))
    #expect(place.folder.names() == before)
  }

  @Test func theTableIsNotWrittenOver() throws {
    let result = try augment("--labels", "nowhere.csv", "--per-class", "1")
    #expect(result.status == 1 && result.errors.contains("nowhere.csv: cannot open"))
    let sheet = try augment(
      "--labels", "labels.csv", "--per-class", "1", "--overwrite", "--contact-sheet", "labels.csv")
    #expect(sheet.status == 1 && sheet.errors.contains("labels.csv: is an input of this run"))
  }
}
