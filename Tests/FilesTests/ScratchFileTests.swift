import Files
import Testing

/// Files without a name.
@Suite struct ScratchFileTests {
  @Test func whatWasWrittenIsRead() throws {
    let (one, other) = (try ScratchFile(), try ScratchFile())
    let bytes = [UInt8](0..<200)
    try bytes.withUnsafeBytes { try one.write($0, at: 50) }
    try [UInt8(7)].withUnsafeBytes { try other.write($0, at: 0) }
    var read = [UInt8](repeating: 9, count: 100)
    try read.withUnsafeMutableBytes { try one.read($0, at: 100) }
    #expect(read == [UInt8](50..<150))
    #expect(throws: FileError.self) {
      try read.withUnsafeMutableBytes { try one.read($0, at: 200) }
    }
  }
}
