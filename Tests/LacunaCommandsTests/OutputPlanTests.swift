import Files
import Platform
import TestSupport
import Testing

/// Outputs that cannot be written are known before the work; the others are written.
@Suite struct OutputPlanTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try place.trainNaiveBayes()
    try place.copy("fixtures/digits-holdout/digit0-01.png", to: "img/a.png")
    try place.copy("fixtures/digits-holdout/digit1-01.png", to: "img/c.png")
  }

  private func run(_ line: String) throws -> CommandRunner.Result {
    try place.lacuna.run(line.split(separator: " ").map(String.init) + ["--quiet"])
  }

  private static let impute = "impute img --region center --model nb.safetensors --output"

  @Test(
    arguments: [
      (251, "", 0), (251, "--samples 2", 2), (249, "--samples 2", 0), (246, "--mean", 0),
      (247, "--mean", 2), (240, "--samples 2 --uncertainty", 2), (251, "--format jpeg", 0),
    ] as [(Int, String, Int32)])
  func anImageOfALongNameIsSkipped(_ count: Int, _ options: String, _ status: Int32) throws {
    try place.copy("img/a.png", to: "img/\(String(repeating: "b", count: count)).png")
    let result = try run("\(Self.impute) out \(options)")
    #expect(result.status == status, "\(result.errors)")
    #expect(status == 0 || result.errors.contains("file names have at most 255; rename it"))
    #expect(try Set(place.completions("out").map { $0[0] }).isSuperset(of: ["a.png", "c.png"]))
  }

  @Test func aFileWhereAFolderMustBeSkipsWhatNeedsIt() throws {
    try place.copy("img/a.png", to: "img/x/1.png")
    try place.folder.write("mine", to: "out/x")
    try place.folder.write("mine", to: "out/c.png/mine")
    let result = try run("\(Self.impute) out --overwrite")
    #expect(result.status == 2)
    #expect(result.errors.contains("img/x/1.png: out/x is a file where its output needs a folder"))
    #expect(result.errors.contains("img/c.png: out/c.png, its output, is a directory"))
    #expect(try place.completions("out").map { $0[0] } == ["a.png"])
    #expect(try place.text("out/x") == "mine")
  }

  @Test func aClassOfALongNameIsLeftOut() throws {
    let long = String(repeating: "c", count: 245)
    for name in place.folder.names(in: "fixtures/digits/1") {
      try place.copy("fixtures/digits/1/\(name)", to: "set/1/\(name)")
      try place.copy("fixtures/digits/1/\(name)", to: "set/\(long)/\(name)")
      try place.copy("fixtures/digits/1/\(name)", to: "set/z/\(name)")
    }
    #expect(try run("train set --model mixture --levels 17 --output m.safetensors").status == 0)
    let augment = "augment set --model m.safetensors --per-class 2 --allow-copies --output"
    let result = try run("\(augment) more --originals copy")
    #expect(result.status == 2)
    #expect(result.errors.contains("class '\(long)': its output"))
    #expect(FileSystem.exists(place.path("more/z/z-gen-000002.png")))
    #expect(place.folder.names(in: "more/\(long)") == place.folder.names(in: "set/\(long)"))
    #expect(try run("\(augment) alone --classes \(long)").status == 1)
    #expect(try run("\(augment) strict --strict").status == 1)
    try place.folder.write("mine", to: "taken/z")
    let taken = try run("\(augment) taken --overwrite --originals link")
    #expect(taken.status == 2 && taken.errors.contains("taken/z is a file"))
    #expect(FileSystem.exists(place.path("taken/1/1-gen-000002.png")))
  }

  @Test(arguments: [
    "nothere/x", "file/x", "img", "/proc/x",
  ])
  func placesThatAreNoneAreRefusedBeforeTheWork(_ path: String) throws {
    try place.folder.write("mine", to: "file")
    try place.trainAutoencoder()
    let long = String(repeating: "n", count: 260)
    for place in [path, long] {
      for line in [
        "train fixtures/digits --model pixelcnn --epochs 1000 --output \(place)",
        "embed fixtures/digits --model encoder.safetensors --output \(place)",
        "\(Self.impute) out --contact-sheet \(place)",
        "augment fixtures/digits --model nb.safetensors --per-class 1 --output o --contact-sheet \(place)",
        "evaluate imputation img --region center --model nb.safetensors --plot \(place)",
        "evaluate augmentation fixtures/digits fixtures/digits --generated fixtures/digits --plot \(place)",
        "interpolate --model encoder.safetensors --output \(place)",
        "traverse img/a.png --model encoder.safetensors --output \(place)",
        "benchmark step fixtures/digits --model pixelcnn --steps 1000 --weights \(place)",
      ] {
        let start = ContinuousClock.now
        let result = try run(line)
        #expect(result.status == 1, "\(line)\n\(result.errors)")
        #expect(ContinuousClock.now - start < .seconds(30), "\(line)")
        #expect(!FileSystem.exists(self.place.path("out/completions.csv")))
      }
    }
  }

  @Test(arguments: ["m.log.jsonl", "m.curve.png", "m.safetensors.checkpoint"])
  func whatATrainingWritesBesidesIsCheckedToo(_ name: String) throws {
    try place.folder.write("mine", to: "\(name)/mine")
    let result = try run(
      "train fixtures/digits --model pixelcnn --epochs 1000 --output m.safetensors --overwrite")
    #expect(result.status == 1 && result.errors.contains("\(name): is a directory"))
  }

  @Test(arguments: ["impute", "augment", "embed", "train"])
  func twoRunsDoNotShareAnOutput(_ command: String) throws {
    try place.trainAutoencoder()
    for copy in 0..<(command == "embed" ? 120 : 1) {
      for name in place.folder.names(in: "fixtures/digits/1") {
        try place.copy("fixtures/digits/1/\(name)", to: "set/\(copy)-\(name)")
      }
    }
    let model = "fixtures/models/digits-pixelcnn.safetensors"
    let (line, output) =
      switch command {
      case "impute":
        (
          "impute fixtures/digits --region top-half --samples 50 --model \(model) --output out",
          "out/.lacuna-journal.csv"
        )
      case "augment":
        (
          "augment fixtures/digits --per-class 5000 --model \(model) --output out",
          "out/.lacuna-journal.csv"
        )
      case "embed":
        (
          "embed set --model encoder.safetensors --threads 1 --batch 64 --output t.csv",
          ".t.csv.partial"
        )
      default:
        (
          place.tinyPixelCNN("p.safetensors", epochs: 1000).joined(separator: " "),
          ".p.safetensors.lock"
        )
      }
    let first = try place.lacuna.start(line.split(separator: " ").map(String.init) + ["--quiet"])
    #expect(place.wait { FileSystem.exists(place.path(output)) })
    // The others are locked before what is waited for; this is, in a moment.
    if command == "train" { usleep(200_000) }
    first.send(SIGSTOP)
    for option in ["", " --resume", " --overwrite"] {
      let second = try run(line + option)
      #expect(second.status == 1, "\(option): \(second.errors)")
      #expect(second.errors.contains("is in use by another run"), "\(option): \(second.errors)")
    }
    first.send(SIGKILL)
    _ = try first.wait()
    let next = try place.lacuna.start(
      line.split(separator: " ").map(String.init) + ["--overwrite", "--quiet"])
    usleep(300_000)
    next.send(SIGTERM)
    let end = try next.wait()
    #expect(!end.errors.contains("in use"), "\(end.errors)")
  }

  @Test(arguments: [4, 5])
  func tooManyOpenFilesAreNoFaultOfAnImage(_ limit: Int) throws {
    let result = try place.lacuna.shell("ulimit -n \(limit); lacuna \(Self.impute) out")
    let isAllowed = result.status == 0
    #expect(isAllowed || result.status == 1, "\(result.errors)")
    #expect(isAllowed || result.errors.contains("Too many open files"), "\(result.errors)")
    #expect(!result.errors.contains("skipped"))
    #expect(limit > 4 || !isAllowed)
  }
}
