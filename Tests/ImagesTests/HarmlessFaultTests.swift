import Files
import Images
import Testing

@Suite("A PNG's faults that cost no pixel are passed over, those that cost one are not")
struct HarmlessFaultTests {
  private static let image = Fixtures.image(.rgb, Fixtures.colour)
  private let bytes: [UInt8]
  private let header: [UInt8]
  private let data: [UInt8]
  private let end = PNGParts.chunk("IEND", [])

  init() throws {
    bytes = try FileSystem.readBytes(Fixtures.path("odd/rgb.png"))
    header = PNGParts.chunk("IHDR", PNGParts.data("IHDR", of: bytes))
    data = PNGParts.data("IDAT", of: bytes)
  }

  private func expectWhole(_ bytes: [UInt8], _ what: String) {
    do {
      let decoded = try ImageDecoder().decode(bytes, path: what)
      #expect(decoded == Self.image, "\(what)")
    } catch {
      Issue.record("\(error)")
    }
  }

  private func expectError(_ words: String, _ bytes: [UInt8], _ what: String) {
    let error = #expect(throws: ImageError.self, "\(what)") {
      try ImageDecoder().decode(bytes, path: "here")
    }
    #expect(error?.description.hasPrefix("here: is \(words)") == true, "\(what): \(error as Any)")
  }

  @Test func passesOverFaultyNotes() {
    let pixels = PNGParts.chunk("IDAT", data)
    let word = Array("Comment\0text".utf8)
    for (name, notes) in [
      ("tEXt", word), ("zTXt", word), ("iTXt", word), ("gAMA", [1, 2, 3]), ("cHRM", [1]),
      ("iCCP", word), ("sBIT", [9, 9, 9, 9, 9]), ("tRNS", [1, 2, 3]), ("PLTE", [1, 2, 3, 4]),
      ("pHYs", []), ("tIME", [0]), ("bKGD", [1]), ("sRGB", [99]), ("eXIf", [7]), ("prVt", word),
      ("acTL", [0, 0, 0, 2, 0, 0, 0, 0]),
    ] {
      for spoilt in [false, true] where name != "tRNS" || !spoilt {
        let chunk = PNGParts.chunk(name, notes, spoilt: spoilt)
        expectWhole(PNGParts.file(header, chunk, pixels, end), "\(name) \(spoilt)")
        expectWhole(PNGParts.file(header, chunk, chunk, pixels, end), "\(name) twice \(spoilt)")
        expectWhole(PNGParts.file(header, pixels, chunk, end), "\(name) behind \(spoilt)")
      }
    }
  }

  @Test func takesTheLargestWindow() throws {
    let path = Fixtures.path("odd/small-window.png")
    let stream = PNGParts.data("IDAT", of: try FileSystem.readBytes(path))
    let head = PNGParts.chunk("IHDR", PNGParts.data("IHDR", of: try FileSystem.readBytes(path)))
    let expected = try ImageFile.read(path)
    for window in 0...7 {  // 256 bytes to 32 kB
      let first = 8 + window * 16
      let second = (31 - first * 256 % 31) % 31
      let claimed = [UInt8(first), UInt8(second)] + stream[2...]
      let file = PNGParts.file(head, PNGParts.chunk("IDAT", claimed), end)
      #expect(try ImageDecoder().decode(file, path: "window \(window)") == expected)
    }
  }

  @Test func passesOverTheEndOfTheData() {
    func file(_ data: [UInt8]) -> [UInt8] {
      PNGParts.file(header, PNGParts.chunk("IDAT", data), end)
    }
    expectWhole(file(data.dropLast(4) + [1, 2, 3, 4]), "wrong sum")
    expectWhole(file(data.dropLast(4)), "no sum")
    expectWhole(file(data.dropLast(1)), "half a sum")
    expectWhole(file(data + [UInt8](repeating: 7, count: 300)), "extra data")
    let twice = PNGParts.chunk("IDAT", data) + PNGParts.chunk("IDAT", [1, 2, 3])
    expectWhole(PNGParts.file(header, twice, end), "extra chunk")
    let halves = [Array(data[..<40]), [], Array(data[40...]), []].map {
      PNGParts.chunk("IDAT", $0) + PNGParts.chunk("tEXt", [65, 0, 66])
    }
    expectWhole(PNGParts.file(header, halves.flatMap(\.self), end), "notes between the data")
  }

  @Test func passesOverTheEndOfTheFile() {
    let body = Array(bytes.dropLast(12))
    expectWhole(body, "no end")
    expectWhole(Array(bytes.dropLast(3)), "half an end")
    expectWhole(Array(body.dropLast(2)), "half a checksum of the data")
    expectWhole(Array(body.dropLast(6)), "half a sum of the data")
    expectWhole(body + PNGParts.chunk("IEND", [], spoilt: true), "a spoilt end")
    expectWhole(body + [UInt8](repeating: 0, count: 40), "zeros for an end")
    expectWhole(bytes + Array("trailer".utf8), "a trailer")
    expectWhole(body + PNGParts.bigEndian(9999) + Array("tEXtab".utf8), "a note too long")
    for length in [UInt32(data.count + 13), 70_000, 0x8000_0000, 0xffff_ffff] {
      let long = PNGParts.bigEndian(length) + PNGParts.chunk("IDAT", data).dropFirst(4)
      expectWhole(PNGParts.file(header, Array(long), end), "data said to be \(length) bytes")
    }
  }

  @Test func refusesMissingPixels() throws {
    let raw = try ImageEncoder.encode(Self.image, as: .png)
    let pixels = PNGParts.data("IDAT", of: raw)
    for lost in [8, 20, 40] {
      let less = PNGParts.chunk("IDAT", pixels.dropLast(lost))
      expectError("truncated", PNGParts.file(header, less, end), "\(lost) bytes lost")
      expectError("truncated", PNGParts.file(header, less), "\(lost) bytes lost, no end")
      expectError("truncated", raw.dropLast(12 + 4 + lost), "cut by \(lost)")
    }
    let whole = PNGParts.chunk("IDAT", data)
    expectError(
      "damaged", PNGParts.file(header, PNGParts.chunk("IDAT", data, spoilt: true), end), "spoilt")
    expectError(
      "damaged",
      PNGParts.file(
        header, PNGParts.chunk("tRNS", [0, 1, 0, 1, 0, 1], spoilt: true), whole, end),
      "spoilt transparency")
    expectError(
      "of an unsupported kind", PNGParts.file(header, PNGParts.chunk("ABCD", [1]), whole, end),
      "a chunk that must be understood")
  }
}
