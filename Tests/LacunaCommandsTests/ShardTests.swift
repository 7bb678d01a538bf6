import Files
import Platform
import TestSupport
import Testing

/// What shards write, joined, is what one run would have written, byte for byte.
@Suite struct ShardTests {
  /// Commands without their outputs, and what these end with.
  static let commands: [(line: String, ending: String)] = [
    ("embed set --model encoder.safetensors", ".csv"),
    ("embed set --model encoder.safetensors --variance --predict", ".npy"),
    ("impute set --region center --model nb.safetensors --samples 2 --mean --uncertainty", ""),
    (
      "augment set --model nb.safetensors --per-class 5 --transformed 1 --originals copy", ""
    ),
    ("evaluate likelihood set --model encoder.safetensors --samples 3", ".json"),
    (
      "evaluate imputation set --region center --random 0.3 --images 7 --samples 3 --batch 4 "
        + "--model nb.safetensors", ".json"
    ),
  ]

  private let place: Workplace

  init() throws { place = try Self.workplace() }

  /// A folder of ten images, two of which cannot be used, and models.
  static func workplace() throws -> Workplace {
    let place = try Workplace()
    for (number, digit) in [3, 3, 3, 3, 8, 8, 8, 8].enumerated() {
      try place.copy(
        "fixtures/digits/\(digit)/digit\(digit)-00\(number + 1).png",
        to: "set/\(digit)/\(number).png")
    }
    try place.folder.write("none", to: "set/3/2a.png")
    try place.folder.write("none", to: "set/8/9.png")
    try place.trainNaiveBayes()
    let trained = try place.run(
      "train fixtures/digits --epochs 1 --quiet --model semi-vae --set network=dense --set latent=2 "
        + "--set hidden=8 --levels 2 --output encoder.safetensors")
    #expect(trained.status == 0, "\(trained.errors)")
    return place
  }

  /// Everything that a run has written, by name; what it said where that is a report.
  private func results(_ output: String, _ result: CommandRunner.Result, _ line: String) throws
    -> [String: [UInt8]]
  {
    if line.hasPrefix("evaluate") { return ["": Array(result.output.utf8)] }
    if !line.hasPrefix("embed") { return try place.files(below: output) }
    let texts = FileSystem.withoutExtension(output) + ".filenames.csv"
    return try [output, texts].filter { FileSystem.exists(place.path($0)) }
      .reduce(into: [:]) { $0["\($0.count)"] = try place.bytes($1) }
  }

  private func merged(_ parts: [String], _ output: String, _ line: String, _ more: String = "")
    throws -> [String: [UInt8]]
  {
    let target = line.hasPrefix("evaluate") ? "" : "--output \(output)"
    let result = try place.run("merge \(parts.joined(separator: " ")) \(target) \(more)")
    #expect(result.status == 0, "\(line)\n\(result.errors)")
    return try results(output, result, line)
  }

  @Test(arguments: commands.indices)
  func partsMakeAWhole(_ index: Int) throws {
    let (line, ending) = Self.commands[index]
    let isReport = line.hasPrefix("evaluate")
    // run.json names the output, so the merged one is written where the single one was.
    let output = "whole\(ending)"
    let single = try place.run(isReport ? line : "\(line) --output \(output)")
    #expect(single.status == 2, "\(single.errors)")
    let whole = try results(output, single, line)
    #expect(whole.values.contains { !$0.isEmpty })
    for count in [1, 2, 3, 4, 5, 6, 7, 23] {
      let parts = try (1...count).map { number in
        let part = "\(count)-\(number)\(ending)"
        let result = try place.run("\(line) --shard \(number)/\(count) --output \(part)")
        #expect([0, 2].contains(result.status), "\(result.errors)")
        return part
      }
      // In whatever order they are given.
      let given = [parts[count - 1]] + parts.dropLast()
      let again = try merged(given, output, line, isReport ? "" : "--overwrite")
      #expect(again == whole, "\(line), \(count) shards")
      guard count == 3 else { continue }
      // A part that is complete stays so.
      let before = try place.bytes(ending.isEmpty ? "3-2/shard.json" : "3-2\(ending)")
      let resumed = try place.run("\(line) --shard 2/3 --output 3-2\(ending) --resume")
      #expect([0, 2].contains(resumed.status), "\(resumed.errors)")
      #expect(try place.bytes(ending.isEmpty ? "3-2/shard.json" : "3-2\(ending)") == before)
      #expect(try merged(parts, output, line, isReport ? "" : "--overwrite") == whole)
    }
    if isReport {
      let json = try place.run("\(line) --json").output
      #expect(try place.run("merge 2-1.json 2-2.json --json").output == json)
      #expect(try place.run("merge 2-1.json 2-2.json --json --output r.json").status == 0)
      #expect(try place.text("r.json") == json)
    }
  }

  /// Killed and resumed, a shard leaves what it leaves uninterrupted.
  @Test(arguments: commands.indices)
  func shardsGoOn(_ index: Int) throws {
    let (line, ending) = Self.commands[index]
    let isReport = line.hasPrefix("evaluate")
    let output = "whole\(ending)"
    let words = "\(line) --batch 1 --threads 1"
    let single = try place.run(isReport ? words : "\(words) --output \(output)")
    let whole = try results(output, single, line)
    let parts = try (1...2).map { number in
      let part = "part-\(number)\(ending)"
      let arguments = "\(words) --shard \(number)/2 --output \(part)".split(separator: " ")
      for wait in [4000, 9000, 16000, 25000] {
        let command = try place.lacuna.start(arguments.map(String.init) + ["--resume"])
        usleep(UInt32(wait + 1000 * index))
        command.send(SIGKILL)
        _ = try command.wait()
      }
      let last = try place.lacuna.run(arguments.map(String.init) + ["--resume"])
      #expect([0, 2].contains(last.status), "\(last.errors)")
      return part
    }
    #expect(try merged(parts, output, line, isReport ? "" : "--overwrite") == whole)
  }

  /// A normalising constant is estimated for each class that a shard meets, and counts by the images of all.
  @Test func annealedConstantsAreMerged() throws {
    let trained = try place.run(
      "train fixtures/digits --epochs 1 --quiet --model rbm --set hidden=26 --levels 2 --output "
        + "rbm.safetensors")
    #expect(trained.status == 0, "\(trained.errors)")
    let line = "evaluate likelihood set --model rbm.safetensors --json"
    let whole = try place.run(line).output
    #expect(whole.contains("annealing_standard_error"))
    for number in 1...2 {
      #expect(try place.run("\(line) --shard \(number)/2 --output \(number).json").status == 2)
    }
    #expect(try place.run("merge 2.json 1.json --json").output == whole)
  }

  /// The plot is drawn from the same numbers.
  @Test func aMergedPlotIsTheSame() throws {
    let line =
      "evaluate imputation set --region center --images 6 --samples 3 --model nb.safetensors"
    for number in 1...2 {
      _ = try place.run("\(line) --shard \(number)/2 --output \(number).json")
    }
    #expect(try place.run("\(line) --plot one.png").status == 2)
    #expect(try place.run("merge 1.json 2.json --plot two.png").status == 0)
    #expect(try place.bytes("one.png") == place.bytes("two.png"))
    #expect(try place.run("merge 1.json 2.json --plot two.png").status == 1)
  }

  /// Files of merged directories are those of the parts, not more of them.
  @Test func mergedImagesAreLinks() throws {
    let line = "impute set --region center --model nb.safetensors"
    for number in 1...2 {
      _ = try place.run("\(line) --shard \(number)/2 --output \(number)")
    }
    let result = try place.run("merge 1 2 --output all --json")
    #expect(result.output.contains("\"links\": 8,") && result.output.contains("\"copies\": 0"))
    // Replaced, and not changed through the link.
    let before = try place.files(below: "1")
    #expect(try place.run("\(line) --output all --overwrite --seed 3").status == 2)
    #expect(try place.files(below: "1") == before)
  }

  /// A merged directory can be gone on with like any other.
  @Test func aMergedDirectoryIsARun() throws {
    let line = "impute set --region center --model nb.safetensors"
    for number in 1...2 {
      _ = try place.run("\(line) --shard \(number)/2 --output \(number)")
    }
    #expect(try place.run("merge 1 2 --output all").status == 0)
    try place.copy("fixtures/digits/5/digit5-001.png", to: "set/5/1.png")
    let more = try place.run("\(line) --output all --resume")
    #expect(more.output.contains("done before  8 images"))
    #expect(try place.run("\(line) --output new").status == 2)
    var (all, new) = (try place.files(below: "all"), try place.files(below: "new"))
    all["run.json"] = nil
    new["run.json"] = nil
    #expect(all == new)
  }
}

extension Workplace {
  /// Runs `lacuna` with a line of words.
  func run(_ line: String) throws -> CommandRunner.Result {
    try lacuna.run(line.split(separator: " ").map(String.init))
  }
}
