import Files
import TestSupport
import Testing

@Suite("What a run may write")
struct OutputTests {
  private let folder: TemporaryFolder
  private let inputs: Inputs

  init() throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    for name in ["model", "table.csv", "img/a.png", "img/b.txt", "elsewhere/c.png"] {
      try folder.write("old", to: name)
    }
    try folder.link("img/c.png", to: folder.path("elsewhere/c.png"))
    try folder.link("img/more", to: folder.path("elsewhere"))
    try folder.link("again", to: folder.path("img"))
    let paths = ["img", "model", "table.csv", "none"].map(folder.path)
    inputs = Inputs(paths + [nil], endings: [".png"])
  }

  private func refusal(
    _ name: String, _ policy: Output.Policy = .overwrite, isOwn: Bool = false
  ) -> String? {
    do {
      let output = try Output(
        folder.path(name), option: "--plot", policy: policy, inputs: inputs, isOwn: isOwn)
      #expect(output.path == folder.path(name))
      return nil
    } catch {
      #expect(error.description.hasPrefix(folder.path(name) + ": "))
      return String(error.description.dropFirst(folder.path(name).count + 2))
    }
  }

  @Test func whatExistsIsReplacedOnlyWhereThatIsAskedFor() throws {
    try folder.write("old", to: "out.png")
    #expect(refusal("new.png", .refuse) == nil)
    #expect(
      refusal("out.png", .refuse)
        == "exists; --overwrite replaces it, or give --plot another name")
    #expect(refusal("out.png", .overwrite) == nil)
    #expect(refusal("out.png", .resume)?.contains("is not of the run that is resumed") == true)
    #expect(refusal("out.png", .resume, isOwn: true) == nil)
    try folder.link("broken.png", to: "nowhere")
    #expect(refusal("broken.png", .refuse)?.hasPrefix("exists") == true)
    #expect(refusal("broken.png", .overwrite) == nil)
  }

  @Test func placesThatAreNoneAreRefused() {
    #expect(refusal("no/out.png")?.hasSuffix("/no does not exist; create it first") == true)
    #expect(refusal("img") == "is a directory; give --plot the name of a file")
    for device in ["/dev/null", "/dev/stdout"] {
      #expect(throws: Never.self) {
        try Output(device, option: "--plot", policy: .refuse, inputs: inputs)
      }
    }
  }

  @Test(arguments: [0, 1, 100])
  func namesThatAreTooLongAreRefusedBefore(_ excess: Int) throws {
    let name = String(repeating: "n", count: PathLimits.nameBytes + excess)
    #expect((refusal(name) == nil) == (excess == 0))
    #expect((PathLimits.objection(to: "cat/\(name)") == nil) == (excess == 0))
    let out = try OutputDirectory(path: folder.path("out"), policy: .refuse, inputs: inputs)
    #expect((out.obstacle(to: "a/\(name)/b.png") == nil) == (excess == 0))
    let deep = String(repeating: "\(String(repeating: "d", count: 200))/", count: 20)
    #expect(out.obstacle(to: "\(deep)\(String(repeating: "n", count: 100)).png") != nil)
    #expect(out.obstacle(to: "\(deep.dropFirst(1000))a.png") == nil)
    guard excess == 0 else { return }
    // The hidden file's name is allowed, too.
    try out.write([1], to: "a/\(name)")
    #expect(folder.names(in: "out/a") == [name])
  }

  @Test func whatStandsInTheWayIsToldBefore() throws {
    for name in ["out/cat", "out/dog/1.png/2", "file"] { try folder.write("old", to: name) }
    let out = try OutputDirectory(path: folder.path("out"), policy: .overwrite, inputs: inputs)
    #expect(out.obstacle(to: "cat/1.png")?.contains("out/cat is a file where") == true)
    #expect(out.obstacle(to: "cat/more/1.png")?.contains("out/cat is a file where") == true)
    #expect(out.obstacle(to: "dog/1.png")?.contains("is a directory") == true)
    for name in ["new/1.png", "cat", "dog/2.png", "1.png"] {
      #expect(out.obstacle(to: name) == nil)
    }
    #expect(refusal("file/out.png")?.contains("is no directory") == true)
    #expect(throws: OutputError.self) {
      try OutputDirectory(path: folder.path("file/x/y"), policy: .refuse, inputs: inputs)
    }
    for path in ["/proc/out.png", "/proc/self/out.png"] {
      #expect(throws: OutputError.self) {
        try Output(path, option: "--plot", policy: .refuse, inputs: inputs)
      }
    }
  }

  @Test(arguments: [
    "model", "table.csv", "img/a.png", "img/A.PNG", "again/a.png", "img/c.png", "elsewhere/c.png",
    "again/../model", "elsewhere/../img/a.png",
  ])
  func inputsAreNeverTouched(_ name: String) {
    let refusal = refusal(name, .overwrite) ?? "none"
    let reason = name == "img/A.PNG" ? "would join the files of" : "an input of this run"
    #expect(refusal.contains(reason))
    #expect(refusal.hasSuffix("; give --plot another name"))
  }

  @Test func whatIsNoInputMayStandBesideThem() throws {
    #expect(refusal("img/b.txt") == nil)
    #expect(refusal("elsewhere/new.png") == nil)
    // A link to an input is replaced; the input stays.
    try folder.link("link.png", to: folder.path("img/a.png"))
    #expect(refusal("link.png") == nil)
    let path = folder.path("link.png")
    try Output(path, option: "--plot", policy: .overwrite, inputs: inputs).write([1])
    #expect(try FileSystem.readBytes(path) == [1])
    #expect(try FileSystem.readBytes(folder.path("img/a.png")) == Array("old".utf8))
  }

  @Test func aDirectoryHarmsNoInputThroughItsLinks() throws {
    try folder.link("out/sub", to: folder.path("img"))
    try folder.link("out/a.png", to: folder.path("img/a.png"))
    let path = folder.path("out")
    #expect(throws: OutputError.self) {
      try OutputDirectory(path: path, policy: .refuse, inputs: inputs)
    }
    let out = try OutputDirectory(path: path, policy: .overwrite, inputs: inputs)
    try out.write([1], to: "a.png")
    try out.write([1], to: "new/b.png")
    for name in ["sub/a.png", "sub/new.png", "sub/c.png"] {
      #expect(throws: OutputError.self) { try out.write([1], to: name) }
    }
    for name in ["sub/a.png", "../model", folder.path("model"), "new/b.png"] {
      try out.remove(name)
    }
    #expect(folder.names(in: "img") == ["a.png", "b.txt", "c.png", "more"])
    #expect(folder.names(in: "out/new").isEmpty)
    for name in ["model", "img/a.png", "elsewhere/c.png"] {
      #expect(try FileSystem.readBytes(folder.path(name)) == Array("old".utf8))
    }
  }

  @Test(arguments: ["img", "img/new/deeper", "again/new"])
  func directoriesThatAreReadAreNotWrittenInto(_ name: String) {
    #expect {
      try OutputDirectory(path: folder.path(name), policy: .overwrite, inputs: inputs)
    } throws: {
      "\($0)".contains("or inside of it, which is read; write elsewhere")
    }
  }
}
