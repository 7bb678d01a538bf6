import Files
import Images
import TestSupport
import Testing

/// `lacuna duplicates` as a user runs it.
@Suite struct DuplicatesTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private func duplicates(_ arguments: String...) throws -> CommandRunner.Result {
    try place.lacuna.run(["duplicates"] + arguments)
  }

  private func digit(_ number: Int) throws -> Image {
    try ImageFile.read(place.path("fixtures/digits-holdout/digit\(number)-01.png"))
  }

  private func write(
    _ image: Image, to name: String, format: ImageEncoder.Format = .png
  ) throws {
    try place.folder.write([], to: name)
    try ImageFile.write(image, to: place.path(name), format: format)
  }

  @Test func noDuplicatesAreNone() throws {
    let result = try duplicates("fixtures/digits", "--json")
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(result.output.contains("\"groups\": []") && result.output.contains("\"images\": 400"))
  }

  /// Whatever the kind of file: grey as colour, with an alpha that hides nothing, with other bytes.
  @Test func equalPicturesAreFoundWhateverTheFiles() throws {
    let image = try digit(1)
    try write(image.converted(to: .grey), to: "set/1/a.png")
    try write(image.converted(to: .rgb), to: "set/1/b.png")
    try write(image.converted(to: .rgba), to: "set/1/c.png")
    try write(try digit(7), to: "set/1/d.png")
    let result = try duplicates("set", "--output", "t.csv")
    #expect(result.status == 0)
    let expected = ["a", "b", "c"].map { "1,1/\($0).png,1,0.0,exact\n" }.joined()
    #expect(try place.text("t.csv") == "group,file,label,distance,kind\n" + expected)
    #expect(result.output.contains("images beyond the first   2"))
    let refused = try duplicates("set", "--output", "t.csv")
    #expect(refused.status == 1 && refused.errors.contains("exists; --overwrite replaces it"))
    let listed = try duplicates("set")
    #expect(listed.output.hasPrefix("GROUP  FILE     LABEL  DISTANCE  KIND\n1      1/a.png  1"))
  }

  /// What shows through, and another size, is another picture.
  @Test func otherPicturesAreNot() throws {
    let image = try digit(1)
    var hidden = image.converted(to: .rgba)
    hidden[0, 0, 3] = 10
    try write(image, to: "set/a.png")
    try write(hidden, to: "set/b.png")
    try write(image.resampled(width: 16, height: 16), to: "set/c.png")
    var changed = image.converted(to: .grey)
    changed[3, 3] ^= 1
    try write(changed, to: "set/d.png")
    let result = try duplicates("set", "--json")
    #expect(result.status == 0 && result.output.contains("\"groups\": []"))
  }

  @Test func labelsThatContradictAreTold() throws {
    try write(try digit(1), to: "set/one/a.png")
    try write(try digit(1), to: "set/seven/b.png")
    try write(try digit(7), to: "set/seven/c.png")
    try write(try digit(7), to: "set/seven/d.png")
    let result = try duplicates("set", "--json")
    #expect(result.status == 0)
    #expect(
      result.errors
        == "lacuna: warning: group 1: labels differ: one/a.png (one), seven/b.png (seven)\n")
    let conflicts = result.output.split(separator: "\"label_conflicts\": [").last
    #expect(conflicts?.split(separator: "]").first?.filter(\.isNumber) == "1")
    try place.folder.write(
      "filename,label\none/a.png,x\nseven/b.png,x\nseven/c.png,y\nseven/d.png,z\n", to: "l.csv")
    let table = try duplicates("set", "--labels", "l.csv")
    #expect(table.errors.contains("group 2: labels differ: seven/c.png (y), seven/d.png (z)"))
    #expect(!table.errors.contains("group 1"))
  }

  @Test func badImagesDecideTheStatus() throws {
    try write(try digit(1), to: "set/a.png")
    try place.copy("fixtures/broken/truncated.png", to: "set/b.png")
    let result = try duplicates("set")
    #expect(result.status == 2 && result.errors.contains("set/b.png: is truncated"))
    #expect(try duplicates("set", "--strict").status == 1)
    let none = try duplicates("fixtures/broken")
    #expect(none.status == 1 && none.errors.contains("fixtures/broken: no image could be read"))
  }

  @Test func nearOnesAreFoundByFeatures() throws {
    try place.trainAutoencoder()
    for name in place.folder.names(in: "fixtures/digits-holdout") {
      try place.copy("fixtures/digits-holdout/\(name)", to: "set/\(name)")
    }
    // A level more in one pixel; and the same picture enlarged.
    var changed = try digit(3).converted(to: .grey)
    changed[4, 4] = changed[4, 4] > 200 ? changed[4, 4] - 25 : changed[4, 4] + 25
    try write(changed, to: "set/near.png")
    try write(try digit(3), to: "set/same.png")
    let result = try duplicates(
      "set", "--model", "encoder.safetensors", "--output", "t.csv", "--threshold", "0.2")
    #expect(result.status == 0)
    let rows = CSV.lines(of: try place.text("t.csv")).filter { $0[1].contains("near") }
    #expect(rows.count == 1 && rows.first?[4] == "near" && rows.first?[3] != "0.0")
    let group = CSV.lines(of: try place.text("t.csv")).filter { $0[0] == rows.first?[0] }
    #expect(group.map { $0[4] }.filter { $0 == "exact" }.count == 2)
    #expect(group.contains { $0[1] == "digit3-01.png" } && group.contains { $0[1] == "same.png" })
    let again = try duplicates(
      "set", "--model", "encoder.safetensors", "--output", "u.csv", "--threshold", "0.2",
      "--threads", "1")
    #expect(again.status == 0)
    #expect(try place.bytes("u.csv") == place.bytes("t.csv"))
  }
}
