import Files
import TestSupport
import Testing

@Suite("Files appear whole or not at all")
struct AtomicFileTests {
  @Test func nothingIsSeenBeforeCommit() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("old", to: "result.csv")
    let file = try AtomicFile(path: path)
    try file.write("new ")
    try file.write(Array("text".utf8))
    #expect(try FileSystem.readBytes(path) == Array("old".utf8))
    try file.commit()
    #expect(try FileSystem.readBytes(path) == Array("new text".utf8))
    #expect(folder.names() == ["result.csv"])
  }

  @Test func anAbandonedFileLeavesNothing() throws {
    let folder = try TemporaryFolder()
    do {
      let file = try AtomicFile(path: folder.path("a"))
      try file.write(String(repeating: "x", count: 1 << 20))
      #expect(folder.names().count == 1)
      #expect(folder.names()[0].hasPrefix("."))
    }
    #expect(folder.names().isEmpty)
    let file = try AtomicFile(path: folder.path("b"))
    file.discard()
    file.discard()
    #expect(folder.names().isEmpty)
  }

  @Test func longFilesKeepEveryByte() throws {
    let folder = try TemporaryFolder()
    let file = try AtomicFile(path: folder.path("long"), synchronise: true)
    var expected: [UInt8] = []
    for size in [1, 65_535, 65_536, 3, 200_000, 0, 7] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ size) }
      try file.write(bytes)
      expected += bytes
    }
    try file.commit()
    #expect(try FileSystem.readBytes(folder.path("long")) == expected)
  }

  @Test func writersOfOneNameDoNotMeet() throws {
    let folder = try TemporaryFolder()
    let (first, second) = try (
      AtomicFile(path: folder.path("same")), AtomicFile(path: folder.path("same"))
    )
    try first.write("first")
    try second.write("second")
    try second.commit()
    try first.commit()
    #expect(try FileSystem.readBytes(folder.path("same")) == Array("first".utf8))
    #expect(folder.names() == ["same"])
  }

  @Test func aFullDiskIsReported() throws {
    let file = try AtomicFile(path: "/dev/full")
    let error = #expect(throws: FileError.self) {
      try file.write("some text")
      try file.commit()
    }
    #expect(
      error?.description
        == "/dev/full: cannot write: No space left on device; free some space there or write elsewhere"
    )
    #expect(FileSystem.exists("/dev/full"))
  }

  @Test func aTargetThatBecomesADirectoryLeavesNoRemains() throws {
    let folder = try TemporaryFolder()
    let file = try AtomicFile(path: folder.path("target"))
    try file.write("text")
    try folder.write("inside", to: "target/file")
    let error = #expect(throws: FileError.self) { try file.commit() }
    #expect(error?.action == .rename)
    #expect(folder.names() == ["target"])
  }

  @Test func impossiblePlacesAreRefused() throws {
    let folder = try TemporaryFolder()
    let missing = #expect(throws: FileError.self) { try AtomicFile(path: folder.path("no/file")) }
    #expect(missing?.description.hasSuffix("; create its directory first") == true)
    #expect(throws: FileError.self) { try AtomicFile(path: folder.path) }
  }

  @Test func linksAreReplacedAndNotFollowed() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "real/file")
    try folder.link("link", to: folder.path("real/file"))
    try AtomicFile.write(Array("new".utf8), to: folder.path("link"))
    #expect(try FileSystem.readBytes(folder.path("link")) == Array("new".utf8))
    #expect(try FileSystem.readBytes(folder.path("real/file")) == Array("old".utf8))
    #expect(folder.names() == ["link", "real"])
  }

  @Test func veryLongNamesAreAllowed() throws {
    let folder = try TemporaryFolder()
    let name = String(repeating: "n", count: 255)
    try AtomicFile.write([1], to: folder.path(name))
    #expect(folder.names() == [name])
  }
}
