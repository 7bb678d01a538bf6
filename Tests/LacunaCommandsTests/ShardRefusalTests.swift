import Files
import TestSupport
import Testing

/// Parts that make no whole are refused by name, and nothing is written.
@Suite struct ShardRefusalTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    for number in 1...4 {
      try place.copy("fixtures/digits/3/digit3-00\(number).png", to: "set/\(number).png")
    }
    try place.trainNaiveBayes()
    try place.trainAutoencoder()
  }

  private let impute = "impute set --region center --model nb.safetensors --quiet"
  private let embed = "embed set --model encoder.safetensors --quiet"

  private func refuses(_ line: String, _ reasons: String...) throws {
    let before = try place.files(below: ".")
    let result = try place.run(line)
    #expect([1, 64].contains(result.status), "\(line)")
    for reason in reasons {
      #expect(result.errors.contains(reason), "\(line)\n\(result.errors)")
    }
    #expect(try place.files(below: ".").keys.sorted() == before.keys.sorted(), "\(line)")
  }

  @Test func whatIsMissingOrTwiceThere() throws {
    for number in [1, 2, 3] {
      #expect(try place.run("\(impute) --shard \(number)/5 --output \(number)").status == 0)
    }
    try refuses("merge 1 3 --output all", "shards 2, 4, 5 of 5 are missing; given: 1, 3")
    try refuses("merge 1 2 3 1 --output all", "1 and 1: are both shard 1/5")
    try refuses("merge 1 2 3 4 --output all", "4: no such part; has its shard been run?")
    try refuses("merge 1 set --output all", "set: was not written by a shard")
    try refuses("merge --output all", "Missing expected argument '<parts> ...'")
  }

  @Test func whatIsOfUnlikeRuns() throws {
    #expect(try place.run("\(impute) --shard 1/2 --output 1").status == 0)
    #expect(try place.run("train set --model naive-bayes --output other.safetensors").status == 0)
    for (line, reason) in [
      ("\(impute) --shard 2/2 --seed 4", "2: is of another run than 1: seed 4, not 0"),
      ("\(impute) --shard 2/3", "shard 2/3, not one of 2"),
      ("\(impute) --shard 2/2 --samples 2", "samples=2, not samples=1"),
      (
        "impute set --region center --model other.safetensors --quiet --shard 2/2",
        "another model (other.safetensors"
      ),
      ("impute set --region top-half --model nb.safetensors --shard 2/2", "top-half, not center"),
    ] {
      #expect(try place.run("\(line) --output 2 --overwrite").status == 0, "\(line)")
      try refuses("merge 1 2 --output all", reason)
    }
    try place.copy("fixtures/digits/3/digit3-005.png", to: "set/5.png")
    #expect(try place.run("\(impute) --shard 2/2 --output 2 --overwrite").status == 0)
    try refuses("merge 1 2 --output all", "other images")
    #expect(try place.run("\(embed) --shard 2/2 --output 2.csv").status == 0)
    try refuses("merge 1 2.csv --output all", "'embed', not 'impute'")
    // Nor does a shard go on with another one's work, or after a change of the list.
    try refuses("\(impute) --shard 2/2 --output 1 --resume", "was made with other")
    try refuses("\(impute) --output 1 --resume", "was made with other")
    #expect(try place.run("\(embed) --shard 1/2 --output 1.csv").status == 0)
    try refuses("\(embed) --shard 2/2 --output 1.csv --resume", "1.csv: is of other images")
  }

  @Test func whatIsNoLongerWhole() throws {
    for number in 1...2 {
      #expect(try place.run("\(impute) --shard \(number)/2 --output \(number)").status == 0)
      #expect(try place.run("\(embed) --shard \(number)/2 --output \(number).csv").status == 0)
    }
    let image = try place.bytes("2/3.png")
    try FileSystem.removeFile(place.path("2/3.png"))
    try refuses("merge 1 2 --output all", "2/3.png: is missing; run shard 2/2 again with --resume")
    try place.folder.write(image, to: "2/3.png")
    try place.folder.write(place.text("2/completions.csv") + "x", to: "2/completions.csv")
    try refuses("merge 1 2 --output all", "2/completions.csv: is not as shard 2/2 has written it")
    // An unfinished part, as a killed shard leaves it.
    try FileSystem.removeFile(place.path("1/shard.json"))
    try place.folder.write("lacuna-journal,1,x\n", to: "1/.lacuna-journal.csv")
    try refuses("merge 1 2 --output all", "1: is unfinished; run its shard again with --resume")
    try place.folder.write(place.text("2.csv") + "x", to: "2.csv")
    try refuses("merge 1.csv 2.csv --output all.csv", "2.csv: is not as shard 2/2 has written it")
    try FileSystem.removeFile(place.path("1.csv"))
    try refuses("merge 1.csv 2.csv --output all.csv", "1.csv: no such part")
    // A run that is no shard, in the place of a part, is none either.
    #expect(try place.run("\(impute) --output 2 --overwrite").status == 0)
    #expect(!FileSystem.exists(place.path("2/shard.json")))
  }

  @Test func outputsOfOthersStay() throws {
    for number in 1...2 {
      #expect(try place.run("\(impute) --shard \(number)/2 --output \(number)").status == 0)
      #expect(try place.run("\(embed) --shard \(number)/2 --output \(number).csv").status == 0)
    }
    try place.folder.write("mine", to: "all/mine.txt")
    try place.folder.write("mine", to: "all.csv")
    try refuses("merge 1 2 --output all", "all: exists and is not empty")
    try refuses("merge 1 2 --output 1 --overwrite", "which is read; write elsewhere")
    try refuses("merge 1.csv 2.csv --output all.csv", "all.csv: exists")
    try refuses("merge 1.csv 2.csv --output 1.csv --overwrite", "an input of this run")
    try refuses("merge 1.csv 2.csv", "--output names what to write")
    #expect(try place.run("merge 1 2 --output all --overwrite").status == 0)
    #expect(try place.run("merge 1.csv 2.csv --output all.csv --overwrite").status == 0)
    #expect(try place.text("all/mine.txt") == "mine")
    #expect(try place.run("\(embed) --output one.csv").status == 0)
    #expect(try place.bytes("all.csv") == place.bytes("one.csv"))
  }

  /// What depends on all images cannot be done by a shard.
  @Test func whatNeedsAllIsRefused() throws {
    let evaluate = "evaluate imputation set --region center --model nb.safetensors"
    for (line, reason) in [
      ("\(embed) --shard 1/2 --output a.csv --neighbors 2", "--neighbors depends on all images"),
      ("\(embed) --shard 1/2 --output a.csv --projection", "--projection depends on all images"),
      ("\(embed) --shard 1/2 --output a.csv --map m.png", "--map depends on all images"),
      ("\(impute) --shard 1/2 --output a --contact-sheet s.png", "--contact-sheet shows images"),
      (
        "augment set --model nb.safetensors --total 2 --shard 1/2 --output a --contact-sheet s.png",
        "--contact-sheet shows images"
      ),
      ("\(impute) --shard 1/2 --dry-run", "--dry-run lists all images"),
      ("\(evaluate) --shard 1/2 --output a.json --plot p.png", "--plot shows all images"),
      ("\(evaluate) --shard 1/2", "--output names the file"),
      ("\(evaluate) --output a.json", "--output is for --shard"),
      ("\(evaluate) --resume", "--resume goes on with what --shard has written"),
      (
        "evaluate likelihood set --model nb.safetensors --overwrite",
        "without it nothing is written"
      ),
      ("\(embed) --shard 0/2 --output a.csv", "--shard takes I/N"),
      ("\(embed) --shard 3/2 --output a.csv", "--shard takes I/N"),
      ("\(embed) --shard 1/2/3 --output a.csv", "--shard takes I/N"),
      ("\(embed) --shard auto/0 --output a.csv", "--shard takes I/N"),
      ("\(embed) --shard two --output a.csv", "not 'two'"),
    ] {
      try refuses(line, reason)
    }
  }

  /// A part of nothing is one; a whole of nothing is not.
  @Test func emptyPartsAreParts() throws {
    try place.folder.write("no image", to: "bad/1.png")
    for number in 1...2 {
      let result = try place.run(
        "embed bad --model encoder.safetensors --shard \(number)/2 --output \(number).csv")
      #expect(result.status == (number == 1 ? 2 : 0))
    }
    try refuses("merge 1.csv 2.csv --output all.csv", "1.csv, 2.csv: no image could be embedded")
  }
}
