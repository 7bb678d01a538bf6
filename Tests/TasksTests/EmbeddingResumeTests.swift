import Files
import Images
import Models
import Tasks
import Tensors
import TestSupport
import Testing
import Training

/// Work that was cut short, and outputs that are there already.
@Suite struct EmbeddingResumeTests {
  private let place: Workplace
  private let embedder: Embedder
  private let options: EmbeddingOptions

  init() throws {
    place = try Workplace()
    var options = EmbeddingOptions()
    options.batchSize = 128
    self.options = options
    let shape = ImageShape(height: 8, width: 8, channels: 1, levels: 256)
    embedder = try Embedder(
      TinyEncoder(shape: shape), classes: [], options: options,
      context: Context(precision: .float32))
    for number in 0..<3 {
      for digit in place.folder.names(in: "fixtures/digits/\(number)") {
        try place.copy("fixtures/digits/\(number)/\(digit)", to: "images/\(number)/\(digit)")
      }
    }
    // Early, so that a resumed run has to remember it.
    try place.copy("fixtures/broken/truncated.png", to: "images/0/0.png")
    // Four blocks in all.
    for digit in place.folder.names(in: "fixtures/digits-holdout") {
      for copy in 0..<20 {
        try place.copy("fixtures/digits-holdout/\(digit)", to: "images/3/\(copy)-\(digit)")
      }
    }
  }

  private func run(
    _ output: String, _ policy: OutputDirectory.Policy, identity: String = "tiny",
    format: EmbeddingOptions.Format = .csv, reporter: TaskReporter = TaskReporter()
  ) throws -> Embedder.Summary {
    var options = options
    options.format = format
    let embedder = try Embedder(
      TinyEncoder(shape: ImageShape(height: 8, width: 8, channels: 1, levels: 256)), classes: [],
      options: options, context: Context(precision: .float32))
    return try embedder.run(
      ImageFolder(path: place.path("images")),
      into: EmbeddingOutput(path: place.path(output), format: format, policy: policy),
      identity: identity, reporter: reporter)
  }

  /// Runs, and puts the hidden files back as they were after some images.
  private func cutShort(_ output: String, after images: Int, format: EmbeddingOptions.Format = .csv)
    throws -> [String]
  {
    var kept: [String: [UInt8]] = [:]
    _ = try run(
      output, .refuse, format: format,
      reporter: TaskReporter(progress: { progress in
        guard progress.done <= images else { return }
        for name in place.folder.names() where name.hasPrefix(".") && !name.hasSuffix(".lock") {
          kept[name] = try? place.bytes(name)
        }
      }))
    for name in place.folder.names() where name.hasPrefix("t.") {
      try FileSystem.removeFile(place.path(name))
    }
    for (name, bytes) in kept { try place.folder.write(bytes, to: name) }
    return kept.keys.sorted()
  }

  @Test(arguments: EmbeddingOptions.Format.allCases)
  func aRunThatWasKilledGoesOn(_ format: EmbeddingOptions.Format) throws {
    let name = "t.\(format.rawValue)"
    let whole = "whole.\(format.rawValue)"
    let total = try run(whole, .refuse, format: format)
    #expect(total.images > 400 && total.skipped == 1)
    let hidden = try cutShort(name, after: 256, format: format)
    let tables = [name] + (format == .npy ? ["t.filenames.csv"] : [])
    #expect(hidden == ([".\(name).journal"] + tables.map { ".\($0).partial" }).sorted())
    // Rows and a line that were being written when the run was killed.
    for name in hidden {
      try place.folder.write(place.bytes(name) + Array("done,384,38".utf8), to: name)
    }
    #expect(throws: OutputError.self) { try run(name, .refuse, format: format) }
    #expect(throws: OutputError.self) { try run(name, .resume, identity: "other", format: format) }
    var problems: [String] = []
    let resumed = try run(
      name, .resume, format: format, reporter: TaskReporter(skip: { problems.append($0) }))
    #expect(resumed.resumed == 255)
    #expect(resumed.images == total.images)
    #expect(problems.count == 1)
    #expect(try place.bytes(name) == place.bytes(whole))
    if format == .npy {
      #expect(try place.bytes("t.filenames.csv") == place.bytes("whole.filenames.csv"))
    }
    #expect(!place.folder.names().contains { $0.hasPrefix(".") })
  }

  /// In the first block, in the second, and in none that is done.
  @Test(arguments: [(5, 0), (200, 127), (450, 255)])
  func changedImagesAreEncodedAnew(_ index: Int, _ kept: Int) throws {
    let changed = try ImageFolder(path: place.path("images")).entries[index].relativePath
    _ = try cutShort("t.csv", after: 256)
    try place.copy("fixtures/digits-holdout/digit7-01.png", to: "images/\(changed)")
    let resumed = try run("t.csv", .resume)
    #expect(resumed.resumed == kept)
    _ = try run("whole.csv", .refuse)
    #expect(try place.bytes("t.csv") == place.bytes("whole.csv"))
  }

  @Test func anImageThatCannotBeReadAnyMoreIsMissedToo() throws {
    _ = try cutShort("t.csv", after: 256)
    let names = try ImageFolder(path: place.path("images")).entries.map(\.relativePath)
    try place.folder.write("no image", to: "images/\(names[10])")
    #expect(try run("t.csv", .resume).skipped == 2)
    _ = try run("whole.csv", .refuse)
    #expect(try place.bytes("t.csv") == place.bytes("whole.csv"))
  }

  @Test(arguments: EmbeddingOptions.Format.allCases, [0, 150, 440])
  func aCompleteTableOfChangedImagesIsRefused(
    _ format: EmbeddingOptions.Format, _ index: Int
  ) throws {
    let name = "t.\(format.rawValue)"
    _ = try run(name, .refuse, format: format)
    let output = try EmbeddingOutput(path: place.path(name), format: format, policy: .resume)
    var options = options
    options.format = format
    let embedder = try Embedder(
      TinyEncoder(shape: ImageShape(height: 8, width: 8, channels: 1, levels: 256)), classes: [],
      options: options, context: Context(precision: .float32))
    let folder = try ImageFolder(path: place.path("images"))
    try embedder.confirm(folder, output)
    try place.copy(
      "fixtures/digits-holdout/digit7-01.png", to: "images/\(folder.entries[index].relativePath)")
    #expect {
      try embedder.confirm(folder, output)
    } throws: {
      "\($0)".contains("is of other images, another model or other arguments")
    }
  }

  @Test func workThatIsGoneIsDoneAgain() throws {
    let total = try run("whole.csv", .refuse)
    _ = try cutShort("t.csv", after: 128)
    try place.folder.write(Array(place.bytes(".t.csv.partial").prefix(100)), to: ".t.csv.partial")
    #expect(try run("t.csv", .resume).images == total.images)
    #expect(try place.bytes("t.csv") == place.bytes("whole.csv"))
  }

  @Test func overwritingStartsAgain() throws {
    _ = try cutShort("t.csv", after: 128)
    #expect(try run("t.csv", .overwrite).resumed == 0)
    #expect(throws: OutputError.self) { try run("t.csv", .refuse) }
    #expect(try run("t.csv", .overwrite).images > 400)
  }

  @Test func otherImagesAreNotMixedIn() throws {
    _ = try cutShort("t.csv", after: 128)
    try place.copy("fixtures/digits-holdout/digit0-01.png", to: "images/0/00.png")
    #expect(throws: OutputError.self) { try run("t.csv", .resume) }
  }

  @Test func aCompleteTableIsConfirmed() throws {
    _ = try run("t.csv", .refuse)
    let output = try EmbeddingOutput(path: place.path("t.csv"), format: .csv, policy: .resume)
    #expect(output.isComplete)
    try embedder.confirm(ImageFolder(path: place.path("images")), output)
    #expect(throws: OutputError.self) {
      try embedder.confirm(ImageFolder(path: place.path("fixtures/digits")), output)
    }
  }

  @Test func outputsThatAreNoPlaceAreRefused() throws {
    try place.folder.link("link.csv", to: place.path("real.csv"))
    try place.folder.write("before", to: "real.csv")
    for (path, reason) in [
      ("no/t.csv", "its directory"), ("images", "is a directory"), ("real.csv", "exists"),
    ] {
      #expect {
        _ = try run(path, .refuse)
      } throws: {
        "\($0)".contains(reason)
      }
    }
    // A link is replaced, and the file that it named stays.
    #expect(throws: OutputError.self) { try run("link.csv", .refuse) }
    _ = try run("link.csv", .overwrite)
    #expect(try place.text("link.csv").hasPrefix("filename,label,"))
    #expect(try place.text("real.csv") == "before")
    #expect {
      _ = try EmbeddingOutput(path: "/dev/null", format: .csv, policy: .overwrite)
    } throws: {
      "\($0)" == "/dev/null: is no file; give --output another name"
    }
  }
}
