import Files
import Images
import Platform
import TestSupport
import Testing

@Suite("Broken files are refused with path and reason")
struct BrokenFileTests {
  /// What each file must be called; the detail is the decoder's.
  static let expectations: [(name: String, words: String)] = [
    ("bad-checksum.png", "is damaged"),
    ("cgbi.png", "is of an unsupported kind (Apple's CgBI PNG)"),
    ("empty-data.png", "is truncated"),
    ("empty.jpg", "is empty"),
    ("empty.png", "is empty"),
    ("header-only.jpg", "is truncated"),
    ("huge-header.png", "is too large (100000 x 100000 pixels, more than 16384 a side)"),
    ("index-outside-palette.png", "is damaged"),
    ("long-claim.png", "is truncated (9"),
    ("no-data.png", "is damaged"),
    ("no-pixels.png", "is damaged"),
    ("short-data.png", "is truncated"),
    ("start-only.jpg", "is truncated"),
    ("text.png", "is neither a PNG nor a JPEG image"),
    ("truncated-header.png", "is truncated"),
    ("truncated-progressive.jpg", "is truncated"),
    ("truncated.jpg", "is truncated"),
    ("truncated.png", "is truncated"),
  ]

  @Test(arguments: expectations)
  func refuses(_ one: (name: String, words: String)) throws {
    let path = Fixtures.path("broken/\(one.name)")
    let error = #expect(throws: ImageError.self) { try ImageFile.read(path) }
    let text = try #require(error).description
    #expect(text.hasPrefix("\(path): \(one.words)"), "\(text)")
    #expect(!text.contains("\n"))
  }

  @Test func everyFixtureHasAnExpectation() throws {
    let names = try ImageFolder(path: Fixtures.path("broken")).entries.map(\.relativePath)
    #expect(names == Self.expectations.map(\.name))
  }

  @Test(arguments: ["rgb-interlaced.png", "rgb.jpg", "rgb-progressive.jpg", "palette-8-bit.png"])
  func refusesEveryTruncationThatCostsPixels(_ name: String) throws {
    let path = Fixtures.path("odd/\(name)")
    let bytes = try FileSystem.readBytes(path)
    let image = try ImageFile.read(path)
    // A JPEG's end marker; a PNG's end, two checksums, and the last bits that end its data.
    let dispensable = name.hasSuffix(".jpg") ? 2 : 12 + 4 + 4 + 1
    for count in bytes.indices {
      let cut = Array(bytes[..<count])
      if count < bytes.count - dispensable {
        #expect(throws: ImageError.self, "cut to \(count) of \(bytes.count) bytes") {
          try ImageDecoder().decode(cut, path: path)
        }
      } else if let decoded = try? ImageDecoder().decode(cut, path: path) {
        #expect(decoded == image, "cut to \(count) of \(bytes.count) bytes")
      }
    }
  }

  @Test func refusesWhatIsNoFile() throws {
    let folder = try TemporaryFolder()
    let missing = folder.path("missing.png")
    #expect(throws: ImageError(path: missing, reason: .unreadable("No such file or directory"))) {
      try ImageFile.read(missing)
    }
    #expect(throws: ImageError(path: folder.path, reason: .notAFile)) {
      try ImageFile.read(folder.path)
    }
    let pipe = folder.path("pipe.png")
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(throws: ImageError(path: pipe, reason: .pipe)) { try ImageFile.read(pipe) }
    let error = #expect(throws: FileError.self) { try FileSystem.readBytes(pipe) }
    #expect(error?.description.hasPrefix("\(pipe): is a pipe; save") == true)
    let listed = #expect(throws: ImageFolderError.self) { try ImageFolder(path: pipe) }
    #expect(listed?.reason == .pipe)
    let device = #expect(throws: FileError.self) { try FileSystem.readBytes("/dev/null") }
    #expect(device?.description == "/dev/null: is not a regular file")
    #expect(throws: ImageError(path: "/dev/null", reason: .notAFile)) {
      try ImageFile.read("/dev/null")
    }
  }

  @Test func holdsTheLimitsGiven() throws {
    let path = Fixtures.path("odd/rgb.jpg")
    #expect(throws: ImageError.self) { try ImageFile.read(path, limits: .init(maximumSide: 23)) }
    #expect(throws: ImageError.self) {
      try ImageFile.read(path, limits: .init(maximumPixels: 24 * 16 - 1))
    }
    #expect(throws: ImageError.self) {
      try ImageFile.read(path, limits: .init(maximumFileSize: 100))
    }
    let exact = ImageLimits(maximumSide: 24, maximumPixels: 24 * 16)
    #expect(try ImageFile.read(path, limits: exact).width == 24)
  }
}
