import Files
import Images
import Testing

@Suite("A JPEG is whole when its rows are, however it ends")
struct JPEGEndTests {
  static let names = [
    "grey", "rgb", "rgb-subsampled", "rgb-progressive", "grey-progressive", "ycck",
  ]
  static let trailer =
    [0, 0, 1, 10] + Array("Image_UTC_Data1460000000000SEFHe".utf8)
    + [UInt8](repeating: 0, count: 2000)
  /// Another image, segments of the wrong sort, a scan without a header.
  static let markers: [UInt8] = [
    0xff, 0xd8, 0xff, 0xe1, 0, 4, 1, 2, 0xff, 0xc0, 0, 3, 1, 0xff, 0xda, 0, 2,
  ]

  private func bytes(_ name: String) throws -> [UInt8] {
    try FileSystem.readBytes(Fixtures.path("odd/\(name).jpg"))
  }

  private func decode(_ bytes: [UInt8]) throws -> Image {
    try ImageDecoder().decode(bytes, path: "here")
  }

  private func expectError(_ words: String, _ bytes: [UInt8], _ what: String) {
    let error = #expect(throws: ImageError.self, "\(what)") { try decode(bytes) }
    #expect(error?.description.hasPrefix("here: is \(words)") == true, "\(what): \(error as Any)")
  }

  @Test(arguments: names)
  func needsNoEndMarker(_ name: String) throws {
    let whole = try bytes(name)
    let rows = Array(whole.dropLast(2))
    let image = try decode(whole)
    for end in [
      [], [0xff], [0xff, 0xff, 0xff], Self.trailer, Array("a trailer".utf8), Self.markers, whole,
      [0xff, 0xd0, 0xff, 0xd9], Array("junk".utf8) + [0xff, 0xd9],
    ] {
      #expect(try decode(rows + end) == image, "\(end.count) bytes for an end")
      #expect(try decode(whole + end) == image, "\(end.count) bytes behind the end")
    }
  }

  @Test(arguments: names)
  func passesOverGarbageBetweenSegments(_ name: String) throws {
    let whole = try bytes(name)
    let image = try decode(whole)
    for marker in [[0xff, 0xdb], [0xff, 0xc4], [0xff, 0xda]] as [[UInt8]] {
      let place = try #require(whole.indices.first { whole[$0...].starts(with: marker) })
      let file = whole[..<place] + Array("garbage".utf8) + whole[place...]
      #expect(try decode(Array(file)) == image)
    }
  }

  @Test(arguments: names)
  func refusesMissingRows(_ name: String) throws {
    let whole = try bytes(name)
    for lost in [3, 4, 10, 40] {
      expectError("truncated", whole.dropLast(lost), "\(lost) bytes lost")
    }
    // An unfinished copy of full length.
    for lost in [20, 40, 60] {
      let zeros = [UInt8](repeating: 0, count: 3000)
      let error = #expect(throws: ImageError.self, "\(lost) bytes lost") {
        try decode(whole.dropLast(lost) + zeros)
      }
      #expect(error?.description.hasPrefix("here: is ") == true)
    }
  }

  @Test func refusesMissingScans() throws {
    for name in ["rgb-progressive", "grey-progressive"] {
      let whole = try bytes(name)
      let scan = try #require(whole.indices.last { whole[$0...].starts(with: [0xff, 0xda]) })
      for place in [scan, scan + 3, scan + 9] {
        expectError("truncated", Array(whole[..<place]), "\(name) cut at \(place)")
      }
      expectError("truncated", whole[..<scan] + Self.trailer, "\(name) with a trailer")
    }
  }

  @Test func refusesAnEarlyEnd() throws {
    for name in ["grey", "rgb", "rgb-subsampled"] {
      expectError("damaged", try bytes(name).dropLast(40) + [0xff, 0xd9], name)
    }
  }
}
