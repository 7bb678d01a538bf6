import Files
import TestSupport
import Testing

/// Paths of any bytes.
@Suite struct PathTextTests {
  private func bytes(_ text: String) -> [UInt8] {
    PathText.withBytes(text) { start in
      var bytes: [UInt8] = []
      var place = 0
      while start[place] != 0 {
        bytes.append(UInt8(bitPattern: start[place]))
        place += 1
      }
      return bytes
    }
  }

  /// Latin-1, overlong forms, surrogates, cut characters, code points of the private range itself.
  @Test(arguments: [
    Array("plain/é/数.png".utf8), [0x69, 0x6d, 0xe9], [0xff, 0xfe, 0x2f, 0x61], [0xc0, 0xaf],
    [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x98], [0xe2, 0x82, 0x41], Array("\u{10fee9}/\u{10fe80}".utf8),
    Array("\u{10ffff}".utf8), [],
  ])
  func everyByteComesBack(_ path: [UInt8]) { #expect(bytes(PathText.text(path)) == path) }

  @Test func textIsItself() {
    for text in ["a/b.png", "é", "\u{10ffff}"] {
      #expect(PathText.text(Array(text.utf8)).isExactly(text))
    }
    let all = (0...255).map { UInt8($0) }.filter { $0 != 0 }
    #expect(bytes(PathText.text(all)) == all)
    // Different bytes are different texts.
    #expect(Set(all.map { PathText.text([$0]) }).count == all.count)
  }

  @Test func filesAreFoundByTheirBytes() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(PathText.text([0x61, 0xe9]))
    try AtomicFile.write([1, 2, 3], to: path)
    #expect(try FileSystem.readBytes(path) == [1, 2, 3])
    #expect(PathRelation.real(path) == path)
    #expect(!FileSystem.exists(folder.path("a\u{fffd}")))
    #expect(Printable.line(path).hasSuffix("a\\xe9"))
    try FileSystem.removeFile(path)
    #expect(!FileSystem.exists(path))
  }
}
