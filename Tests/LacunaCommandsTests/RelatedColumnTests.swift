import Files
import TestSupport
import Testing

/// Columns of `lacuna embed` that depend on all rows, and its map.
@Suite struct RelatedColumnTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try place.trainAutoencoder()
  }

  private func embed(_ line: String) throws -> CommandRunner.Result {
    try place.lacuna.run(
      ["embed"] + line.split(separator: " ").map(String.init) + ["--model", "encoder.safetensors"])
  }

  private func rows(_ name: String) throws -> [[String]] { CSV.lines(of: try place.text(name)) }

  @Test func columnsComeLastAndAreTheSameForAnyThreads() throws {
    #expect(try embed("fixtures/digits --output plain.csv").status == 0)
    let first = try embed(
      "fixtures/digits --output t.csv --neighbors 2 --projection --map map.png --json")
    #expect(first.status == 0 && first.output.contains("\"map\": \"map.png\""))
    let (plain, table) = (try rows("plain.csv"), try rows("t.csv"))
    #expect(table.map { Array($0.dropLast(6)) } == plain)
    #expect(
      table[0].suffix(6) == [
        "projection_x", "projection_y", "neighbor_1", "distance_1", "neighbor_2", "distance_2",
      ])
    let names = Set(plain.map { $0[0] })
    for row in table.dropFirst() {
      let numbers = row.suffix(6).compactMap { Double($0) }
      #expect(numbers.count == 4 && numbers[2] <= numbers[3])
      #expect(names.contains(row[8]) && row[8] != row[0] && row[8] != row[10])
    }
    let again = try embed(
      "fixtures/digits --output u.csv --neighbours 2 --projection --map v.png --threads 1 --batch 9"
    )
    #expect(again.status == 0)
    #expect(try place.bytes("u.csv") == place.bytes("t.csv"))
    #expect(try place.bytes("v.png") == place.bytes("map.png"))
    let judged = try place.lacuna.run("evaluate", "embedding", "t.csv", "plain.csv", "--json")
    let known = try place.lacuna.run("evaluate", "embedding", "plain.csv", "plain.csv", "--json")
    // They are no features.
    let features = "\"features\": 4"
    #expect(judged.output.contains(features) && known.output.contains(features))
  }

  /// Names are quoted in tables, and copies are nearest to each other, the first by path first.
  @Test func copiesAreNearestWhateverTheirNames() throws {
    for name in ["a,b.png", "c\"d.png", "e\nf.png", "g.png"] {
      try place.copy("fixtures/digits-holdout/digit1-01.png", to: "set/\(name)")
    }
    try place.copy("fixtures/digits-holdout/digit7-01.png", to: "set/z.png")
    #expect(try embed("set --output t.csv --neighbors 5").status == 0)
    let table = try rows("t.csv")
    #expect(table.map(\.count) == [15, 15, 15, 15, 15, 15])
    let nearest = table.dropFirst().map { $0[5...] }
    #expect(nearest[0].prefix(6) == ["c\"d.png", "0.0", "e\nf.png", "0.0", "g.png", "0.0"])
    #expect(nearest[3].prefix(4) == ["a,b.png", "0.0", "c\"d.png", "0.0"])
    #expect(nearest.allSatisfy { $0.suffix(2) == ["", ""] })
  }

  @Test func besideAMatrixTheyStandInTheTexts() throws {
    #expect(try embed("fixtures/digits --output t.csv --neighbors 1 --projection").status == 0)
    #expect(try embed("fixtures/digits --output t.npy --neighbors 1 --projection").status == 0)
    let (table, texts) = (try rows("t.csv"), try rows("t.filenames.csv"))
    #expect(texts.map { $0.suffix(4) } == table.map { $0.suffix(4) })
    #expect(try embed("fixtures/digits --output plain.npy").status == 0)
    #expect(try place.bytes("plain.npy") == place.bytes("t.npy"))
    #expect(!place.folder.names().contains { $0.hasSuffix("partial") })
  }

  @Test func aFinishedTableIsConfirmedWithItsColumns() throws {
    let line = "fixtures/digits --output t.csv --neighbors 1 --map map.png"
    #expect(try embed(line).status == 0)
    let (table, map) = (try place.bytes("t.csv"), try place.bytes("map.png"))
    let refused = try embed("fixtures/digits --output other.csv --map map.png --resume")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("map.png: exists, and is not of the run"))
    let confirmed = try embed("\(line) --resume")
    #expect(confirmed.status == 0 && confirmed.errors.contains("is complete already"))
    #expect(try place.bytes("t.csv") == table && place.bytes("map.png") == map)
    for other in ["--neighbors 2", "--neighbors 1 --projection", "", "--projection"] {
      let result = try embed("fixtures/digits --output t.csv \(other) --resume")
      #expect(result.status == 1, "\(other)")
      #expect(result.errors.contains("is of other images, another model or other arguments"))
    }
    #expect(!place.folder.names().contains { $0.hasPrefix(".") && !$0.hasSuffix(".lock") })
  }

  @Test func oneImageHasNoNeighbour() throws {
    try place.copy("fixtures/digits-holdout/digit1-01.png", to: "one/a.png")
    try place.copy("fixtures/broken/truncated.png", to: "one/b.png")
    let result = try embed("one --output t.csv --neighbors 1 --projection --map m.png")
    #expect(result.status == 2)
    #expect(try rows("t.csv")[1].suffix(4) == ["0.0", "0.0", "", ""])
  }
}
