import Files
import TestSupport
import Testing

@Suite("Hidden files of killed runs are cleared, and no others")
struct LeftoverTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ names: [String]) throws {
    for name in names { try folder.write("half", to: name) }
  }

  @Test(arguments: [OutputDirectory.Policy.overwrite, .resume])
  func inADirectory(_ policy: OutputDirectory.Policy) throws {
    try write([
      "out/.a.png.12-0.tmp", "out/cat/.B.JPG.7-31.tmp", "out/..lacuna-journal.csv.5-0.tmp",
      "out/.run.json.99999-0.tmp", "out/deep/er/.lacuna.4-4.tmp",
    ])
    let others = [
      "out/.a.png.12-0.tmp2", "out/.a.png.12.tmp", "out/.a.png.x-0.tmp", "out/a.png.12-0.tmp",
      "out/.notes.txt.1-1.tmp", "out/.tmp", "out/.1-1.tmp", "out/.a.png.1-.tmp",
      "out/.hidden/.a.png.1-1.tmp",
      "beside/.a.png.1-1.tmp",
    ]
    try write(others)
    try folder.link("out/linked", to: folder.path("beside"))
    let inputs = Inputs([], endings: [".png", ".jpg"])
    _ = try OutputDirectory(path: folder.path("out"), policy: policy, inputs: inputs)
    for name in others { #expect(FileSystem.exists(folder.path(name)), "\(name)") }
    #expect(folder.names(in: "out/cat").isEmpty && folder.names(in: "out/deep/er").isEmpty)
    #expect(!FileSystem.exists(folder.path("out/.a.png.12-0.tmp")))
    #expect(!FileSystem.exists(folder.path("out/..lacuna-journal.csv.5-0.tmp")))
    #expect(!FileSystem.exists(folder.path("out/.run.json.99999-0.tmp")))
  }

  @Test func besideAFile() throws {
    try write([".p.png.3-0.tmp", ".q.png.3-0.tmp", ".p.png.3-x.tmp"])
    let inputs = Inputs([], endings: [])
    _ = try Output(folder.path("p.png"), option: "--plot", policy: .refuse, inputs: inputs)
    #expect(folder.names() == [".p.png.3-0.tmp", ".p.png.3-x.tmp", ".q.png.3-0.tmp"])
    _ = try Output(folder.path("p.png"), option: "--plot", policy: .overwrite, inputs: inputs)
    #expect(folder.names() == [".p.png.3-x.tmp", ".q.png.3-0.tmp"])
  }

  @Test func notThatOfARunThatLives() throws {
    let path = folder.path("p.png")
    let file = try AtomicFile(path: path)
    try file.write("whole")
    _ = try Output(path, option: "--plot", policy: .overwrite, inputs: .none)
    try file.commit()
    #expect(try FileSystem.readBytes(path) == Array("whole".utf8))
  }
}
