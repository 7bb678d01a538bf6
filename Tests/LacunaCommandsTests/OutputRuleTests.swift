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
