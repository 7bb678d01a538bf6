import Files
import Models
import Tasks
import TestSupport
import Testing

/// Blocks of a list.
@Suite struct ShardBlockTests {
  @Test func blocksCoverAListOnce() {
    for total in [0, 1, 2, 7, 60, 61] {
      for count in [1, 2, 3, 7, 59, 100] {
        let ranges = (1...count).compactMap { Shard($0, of: count)?.range(of: total) }
        #expect(ranges.flatMap(Array.init) == Array(0..<total))
        let sizes = Set(ranges.map(\.count))
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
      }
    }
    #expect(Shard(0, of: 3) == nil && Shard(4, of: 3) == nil && Shard(1, of: 0) == nil)
    #expect(Shard(1, of: Shard.mostCount + 1) == nil)
  }

  @Test func kindsOfScoresAreReadBack() {
    let kinds: [ScoreKind] = [
      .exact, .lowerBound, .dequantizedDensity, .importanceEstimate(samples: 500),
      .annealedEstimate(chains: 100), .annealedBound(chains: 7),
    ]
    for kind in kinds { #expect(ScoreKind(description: kind.description) == kind) }
    #expect(ScoreKind(description: "a guess") == nil)
  }

  /// What is impossible may be said, and every number reads back to itself.
  @Test func numbersAreReadBack() throws {
    let numbers: [Double] = [0.1, -1e300, 5, 1e-320, -.infinity, 123_456_789_012_345_678]
    for number in numbers {
      let text = JSON.exactly(number).line
      #expect(try JSON(reading: text).exactNumber == number)
    }
    #expect(JSON.exactly(nil) == .null)
  }

  @Test func aDigestOfAFileIsThatOfItsBytes() throws {
    let folder = try TemporaryFolder()
    for count in [0, 1, 63, 64, 65, 1 << 20, (1 << 20) + 77] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try folder.write(bytes, to: "file")
      #expect(
        try SHA256.hexadecimal(ofFile: folder.path("file")) == SHA256.hexadecimal(of: bytes))
    }
  }

  @Test func commandsAreThoseOfAWholeRun() throws {
    let run = RunRecord(
      command: ["impute", "a", "--shard", "2/3", "--output", "b", "--seed=4", "--shard=1/2"],
      seed: 4, model: "m", modelDigest: "d", identity: "")
    let shard = try #require(Shard(2, of: 3))
    let record = ShardRecord(.impute, shard, run, images: "i", options: "o")
    #expect(record.command(writingTo: "c") == ["impute", "a", "--output", "c", "--seed=4"])
    let read = try #require(ShardRecord(JSON(reading: record.json.formatted)))
    #expect(read.json == record.json)
  }
}
