import Files
import Images
import TestSupport
import Testing
import Training

/// Names that look the same, names that would write on the terminal, names that are no text.
@Suite struct NameTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  /// Two classes of six digits each, in folders of these names.
  private func makeClasses(_ one: String, _ other: String, in folder: String = "set") throws {
    for (label, name) in [one, other].enumerated() {
      for number in 1...6 {
        try place.copy(
          "fixtures/digits/\(label)/digit\(label)-00\(number).png",
          to: "\(folder)/\(name)/\(number).png")
      }
    }
  }

  private func trainMixture(_ folder: String = "set") throws -> CommandRunner.Result {
    try place.lacuna.run(
      "train", folder, "--model", "mixture", "--levels", "17", "--output", "m.st", "--overwrite")
  }

  private func augment(_ arguments: String...) throws -> CommandRunner.Result {
    try place.lacuna.run(
      ["augment", "set", "--model", "m.st", "--allow-copies", "--output", "more"] + arguments)
  }

  /// Different pictures below a folder.
  private func pictures(_ folder: String) throws -> Int {
    Set(try place.files(below: folder).filter { $0.key.hasSuffix(".png") }.values).count
  }

  /// Each image is filled by its own mask, into its own output.
  @Test(arguments: UnicodeForms.pairs)
  func imagesOfOneLookHaveTheirOwnMasks(_ one: String, _ other: String) throws {
    try place.trainNaiveBayes()
    let rows: (Int) -> [Bool] = { count in (0..<64).map { $0 < 8 * count } }
    for (number, name) in [one, other].enumerated() {
      try place.copy("fixtures/digits/\(number)/digit\(number)-001.png", to: "set/\(name).png")
      try place.folder.write(
        Mask(width: 8, height: 8, missing: rows(number + 1)).image(), to: "masks/\(name).png")
    }
    func fill(_ arguments: String...) throws -> CommandRunner.Result {
      try place.lacuna.run(
        ["impute", "set", "--masks", "masks", "--model", "nb.safetensors", "--output", "o"]
          + arguments)
    }
    let result = try fill()
    #expect(result.status == 0, "\(result.transcript)")
    let missing = try place.completions("o").map { $0[3] }
    #expect(missing.sorted() == ["16", "8"])
    #expect(try place.bytes("o/\(one).png") != place.bytes("o/\(other).png"))
    #expect(try fill("--resume").output.contains("done before"))
  }

  @Test(arguments: UnicodeForms.pairs)
  func classesOfOneLookAreTwo(_ one: String, _ other: String) throws {
    try makeClasses(one, other)
    #expect(try trainMixture().status == 0)
    let file = try ModelFile(contentsOf: place.path("m.st"))
    #expect(file.classCounts?.sorted() == [5, 6])
    #expect(try augment("--per-class", "3").status == 0)
    #expect(place.folder.names(in: "more").count == 4)
    for name in [one, other] {
      #expect(place.folder.names(in: "more/\(name)").allSatisfy { $0.hasSuffix(".png") })
      #expect(place.folder.names(in: "more/\(name)").count == 3)
      #expect(try pictures("more/\(name)") == 3)
    }
    let first = try place.bytes("more/\(one)/\(one)-gen-000001.png")
    #expect(try place.bytes("more/\(other)/\(other)-gen-000001.png") != first)
    // Going on takes each class's own images for done, and replaces none.
    let resumed = try augment("--per-class", "4", "--resume", "--originals", "copy")
    #expect(resumed.status == 0 && resumed.output.contains("6 images"))
    #expect(try place.bytes("more/\(one)/\(one)-gen-000001.png") == first)
    #expect(place.folder.names(in: "more/\(other)").count == 10)
    let chosen = try augment("--per-class", "1", "--classes", other, "--overwrite")
    #expect(chosen.status == 0)
    #expect(!FileSystem.exists(place.path("more/\(one)/\(one)-gen-000001.png")))
    #expect(FileSystem.exists(place.path("more/\(other)/\(other)-gen-000001.png")))
  }

  @Test func aClassInAnotherFormIsNoClassOfTheModel() throws {
    try makeClasses("caf\u{e9}", "z")
    #expect(try trainMixture().status == 0)
    try makeClasses("cafe\u{301}", "z", in: "other")
    let result = try place.lacuna.run(
      "augment", "other", "--model", "m.st", "--per-class", "1", "--output", "o")
    #expect(result.status == 1)
    #expect(result.errors.contains("is no class of the model"))
    #expect(result.errors.contains("another Unicode normal form"))
  }

  private static let controls = [
    "a\nlacuna: error: all lost", "\u{1b}[2J", "\u{1b}]0;title\u{7}", "a\r\u{8}b", "a\u{7f}b",
    "a\u{9b}2Jb", "a\u{85}b", "a\u{202e}gnp.b", "a\u{2067}b", "a\u{2028}b", "a\tb",
  ]

  /// Whether a text could do more to a terminal than to fill lines.
  private func isClean(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      scalar == "\n"
        || !(scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
          || (0x2028...0x202e).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value))
    }
  }

  @Test func namesDoNotWriteOnTheTerminal() throws {
    for name in Self.controls {
      try makeClasses(name, "z")
      try place.folder.write("", to: "set/\(name)/bad\(name).png")
    }
    let runs: [[String]] = [
      ["train", "set", "--model", "mixture", "--levels", "17", "--output", "m.st"],
      ["inspect", "m.st"], ["inspect", "m.st", "--json"],
      ["augment", "set", "--model", "m.st", "--per-class", "1", "--output", "a"],
      ["augment", "set", "--model", "m.st", "--per-class", "1", "--output", "b", "--classes", "?"],
      ["impute", "set", "--region", "center", "--model", "m.st", "--output", "i"],
      ["evaluate", "likelihood", "set", "--model", "m.st"],
      ["train", "no\u{1b}[2J", "--model", "mixture", "--output", "x.st"],
      ["train", "set", "--model", "m\u{1b}[2J", "--output", "x.st"],
      ["train", "set", "--model", "mixture", "--batch", "\u{9b}2J", "--output", "x.st"],
      ["models\u{1b}[2J"],
    ]
    for run in runs {
      let result = try place.lacuna.run(run)
      #expect(isClean(result.output) && isClean(result.errors), "\(run)")
      let lines = result.errors.split(separator: "\n")
      #expect(!lines.contains { $0.hasPrefix("lacuna: error: all lost") })
    }
    let shown = try place.lacuna.run("inspect", "m.st").output
    #expect(shown.contains("\\x1b[2J, ") && shown.contains("a\\u{202e}gnp.b"))
    let file = try ModelFile(contentsOf: place.path("m.st"))
    #expect(Set(file.classes) == Set(Self.controls + ["z"]))
    let manifest = CSV.lines(of: try place.text("a/manifest.csv")).dropFirst()
    #expect(Set(manifest.map { $0[1] }) == Set(file.classes))
  }

  /// What a name of an older encoding leads to is read and written, and nothing of another name.
  @Test func argumentsThatAreNoTextNameWhatTheyName() throws {
    try place.trainNaiveBayes()
    let line = """
      n=$(printf 'im\\351'); mkdir "$n"; cp fixtures/digits-holdout/digit0-01.png "$n/a.png"
      lacuna impute "$n" --region center --model nb.safetensors --output "$n/../o$n" -q || exit 10
      [ -f "o$n/a.png" ] || exit 11
      lacuna impute "$n" --region center --model nb.safetensors --output "o$n" -q && exit 12
      lacuna impute "$n" --region center --model nb.safetensors --output "o$n" -q --resume || exit 13
      lacuna impute "$n" --region center --model nb.safetensors --output "$n" -q --overwrite && exit 14
      lacuna train fixtures/digits --model naive-bayes --output "m$n.st" -q || exit 15
      [ -f "m$n.st" ] || exit 16
      lacuna inspect "m$n.st" --json || exit 17
      lacuna embed "$n" --model "m$n.st" --output t.csv; [ $? = 1 ] || exit 18
      lacuna train "$n" --model naive-bayes --output "$n/x.st" -q; [ $? = 1 ] || exit 19
      """
    let result = try place.lacuna.shell(line)
    #expect(result.status == 0, "\(result.transcript)")
    #expect(result.errors.contains("oim\\xe9"))
    #expect(try place.lacuna.shell("ls | grep -c $(printf '\\357\\277\\275')").output == "0\n")
    let unknown = try place.lacuna.shell("lacuna \"$(printf 'im\\351')\"")
    #expect(unknown.status == 64 && unknown.errors.contains("im\\xe9"))
  }

  @Test func filesWhoseNamesAreNoTextAreCounted() throws {
    try makeClasses("a", "b")
    _ = try place.lacuna.shell("cp set/a/1.png \"set/a/k$(printf '\\344').png\"")
    let result = try trainMixture()
    #expect(result.status == 2)
    #expect(result.errors.contains("set/a/k\\xe4.png: cannot be read: its name is not UTF-8"))
  }
}
