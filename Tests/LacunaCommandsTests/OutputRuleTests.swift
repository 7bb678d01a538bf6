import Files
import TestSupport
import Testing

/// Files that nobody gave to be replaced stay as they are.
@Suite struct OutputRuleTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try place.trainNaiveBayes()
    for name in place.folder.names(in: "fixtures/digits-holdout").prefix(3) {
      try place.copy("fixtures/digits-holdout/\(name)", to: "img/\(name)")
    }
    try place.folder.write("mine", to: "mine.png")
  }

  private func run(_ line: String) throws -> CommandRunner.Result {
    try place.lacuna.run(
      line.split(separator: " ").map(String.init) + ["--quiet"])
  }

  /// A closed stream's number went to the next file that was opened, and warnings into that file.
  @Test func closedStreamsAreNoFiles() throws {
    try place.folder.write("", to: "img/empty.png")
    let line = "lacuna impute img --region center --model nb.safetensors --quiet --output"
    #expect(try place.lacuna.shell("\(line) whole").status == 2)
    #expect(try place.lacuna.shell("\(line) part 0<&- 2>&-").status == 2)
    var (whole, part) = (try place.files(below: "whole"), try place.files(below: "part"))
    whole["run.json"] = nil
    part["run.json"] = nil
    #expect(part == whole)
    let silent = try place.lacuna.shell("lacuna models >&-")
    #expect(silent.status == 1)
    #expect(silent.errors.contains("standard output: cannot write: Bad file descriptor"))
  }

  @Test func linksToOriginalsAreReplacedAndNotFollowed() throws {
    let before = try place.files(below: "img")
    for name in before.keys { try place.folder.link("out/\(name)", to: place.path("img/\(name)")) }
    let line = "impute img --region center --model nb.safetensors --output out --overwrite"
    #expect(try run(line).status == 0)
    #expect(try place.files(below: "img") == before)
    for name in before.keys { #expect(try place.bytes("out/\(name)") != before[name]) }
  }

  @Test func sheetsAndPlotsReplaceNothingUnasked() throws {
    let name = try #require(place.folder.names(in: "img").first)
    let before = try place.files(below: "img")
    let model = try place.bytes("nb.safetensors")
    let impute = "impute img --region center --model nb.safetensors --output"
    for (line, reason) in [
      ("\(impute) a --contact-sheet mine.png", "mine.png: exists; --overwrite replaces it"),
      ("\(impute) b --contact-sheet img/\(name)", "an input of this run"),
      ("\(impute) c --overwrite --contact-sheet img/\(name)", "an input of this run"),
      ("\(impute) d --overwrite --contact-sheet img/new.png", "would join the files of img"),
      ("\(impute) e --overwrite --contact-sheet nb.safetensors", "an input of this run"),
      (
        "evaluate samples fixtures/digits --model nb.safetensors --plot mine.png",
        "mine.png: exists; --overwrite replaces it, or give --plot another name"
      ),
      (
        "evaluate samples fixtures/digits --model nb.safetensors --contact-sheet nb.safetensors "
          + "--overwrite", "an input of this run"
      ),
      (
        "evaluate imputation img --region center --model nb.safetensors --plot mine.png",
        "mine.png: exists; --overwrite replaces it, or give --plot another name"
      ),
      (
        "benchmark step img --model dense --set hidden=4 --steps 1 --weights mine.png",
        "mine.png: exists; --overwrite replaces it, or give --weights another name"
      ),
      (
        "train img --model naive-bayes --output n.safetensors --labels n.safetensors --overwrite",
        ""
      ),
    ] {
      let result = try run(line)
      #expect(result.status == 1 && result.errors.contains(reason), "\(line)\n\(result.errors)")
    }
    #expect(try place.files(below: "img") == before)
    #expect(try place.bytes("nb.safetensors") == model)
    #expect(try place.text("mine.png") == "mine")
    #expect(try run("\(impute) f --overwrite --contact-sheet mine.png").status == 0)
    // The sheet of the run that is resumed is its own; any other is not.
    #expect(try run("\(impute) f --resume --contact-sheet mine.png").status == 0)
    try place.folder.write("other", to: "other.png")
    #expect(try run("\(impute) f --resume --contact-sheet other.png").status == 1)
    #expect(try place.text("other.png") == "other")
  }

  @Test func aLogThatNobodyGaveStaysAsItIs() throws {
    let line =
      "train fixtures/digits --model autoencoder --levels 17 --epochs 1 --threads 1 --output "
      + "n.safetensors"
    try place.folder.write("mine", to: "n.log.jsonl")
    let refused = try run(line)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("n.log.jsonl: exists; --overwrite replaces it"))
    #expect(try place.text("n.log.jsonl") == "mine")
    #expect(try run(line + " --overwrite").status == 0)
  }

  /// Written again and again, under every name that leads to it.
  @Test func whatIsReadStaysWhateverPathLeadsThere() throws {
    try place.trainAutoencoder()
    try place.copy("fixtures/digits/0/digit0-001.png", to: "set/0/a.png")
    try place.copy("fixtures/digits/1/digit1-001.png", to: "set/1/b.png")
    let augment =
      "augment fixtures/digits --model nb.safetensors --per-class 1 --allow-copies --output gen"
    #expect(try run(augment).status == 0)
    let name = try #require(place.folder.names(in: "img").first)
    let model = "--model encoder.safetensors"
    let evaluate = "evaluate augmentation fixtures/digits fixtures/digits --generated gen --seeds 1"
    let cases = [
      ("embed img \(model) --output", ["encoder.safetensors", "img/\(name)"]),
      (
        "interpolate img/\(name) img/\(name) \(model) --output",
        ["encoder.safetensors", "img/\(name)"]
      ),
      ("traverse img/\(name) \(model) --output", ["encoder.safetensors", "img/\(name)"]),
      (
        "benchmark step set --model autoencoder --steps 1 --warm-up 0 --weights",
        ["set/0/a.png"]
      ),
      (
        "evaluate imputation img --model nb.safetensors --region center --samples 1 --plot",
        ["nb.safetensors", "img/\(name)"]
      ),
      ("\(evaluate) --steps 1 --plot", ["gen/manifest.csv", "gen/3/3-gen-000001.png"]),
    ]
    func contents() throws -> [[UInt8]] {
      try cases.flatMap(\.1).map { try place.bytes($0) }
    }
    let before = try contents()
    for (line, inputs) in cases {
      for input in inputs {
        for path in [input, "./\(input)", place.path(input), "img/../\(input)"] {
          let result = try run("\(line) \(path) --overwrite")
          #expect(result.status == 1, "\(line) \(path)")
          #expect(result.errors.contains("an input of this run"), "\(result.errors)")
        }
      }
      // Links to it are replaced themselves.
      let input = inputs[inputs.count - 1]
      _ = try place.lacuna.shell("ln -sf \(input) soft.png; ln -f \(input) hard.png")
      for path in ["soft.png", "hard.png"] {
        #expect(try run("\(line) \(path) --overwrite").status == 0, "\(line) \(path)")
      }
    }
    #expect(try contents() == before)
  }

  @Test func oneImageIsFilledBesideItself() throws {
    let name = try #require(place.folder.names(in: "img").first)
    let before = try place.files(below: "img")
    let line = "impute img/\(name) --region center --model nb.safetensors --output"
    #expect(try run("\(line) img/out").status == 0)
    let refused = try run("\(line) img --overwrite")
    #expect(refused.status == 1 && refused.errors.contains("an input of this run"))
    for (name, bytes) in before { #expect(try place.bytes("img/\(name)") == bytes) }
  }
}
