import Files
import Images
import Platform
import TestSupport
import Testing

/// `lacuna augment` from end to end.
@Suite struct AugmentTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    _ = try place.lacuna.run(
      "train", "fixtures/digits", "--model", "mixture", "--levels", "17", "--output", "m.st",
      "--quiet")
  }

  private func augment(
    _ dataset: String = "fixtures/digits", _ arguments: String..., model: String = "m.st"
  ) throws -> CommandRunner.Result {
    try place.lacuna.run(["augment", dataset, "--model", model] + arguments)
  }

  private func rows(_ directory: String) throws -> [[String]] {
    CSV.lines(of: try place.text("\(directory)/manifest.csv"))
  }

  /// Trains on some folders alone.
  private func train(
    _ dataset: String, _ output: String, model: String = "mixture", _ arguments: String...
  ) throws {
    let result = try place.lacuna.run(
      ["train", dataset, "--model", model, "--levels", "17", "--output", output, "--quiet"]
        + arguments)
    #expect(result.status == 0, "\(result.errors)")
  }

  /// The figures in run.json come from the manifest, with its digits, or from the run: all alike.
  @Test func aRunThatWasCutShortLeavesTheSameRecord() throws {
    let arguments = ["--per-class", "60", "--batch", "16", "--output", "out"]
    _ = try augment("fixtures/digits", "--per-class", "60", "--batch", "16", "--output", "out")
    let whole = try place.files(below: "out")
    _ = try place.lacuna.shell("mv out whole")
    let command = try place.lacuna.start(
      ["augment", "fixtures/digits", "--model", "m.st"] + arguments)
    let journal = place.path("out/.lacuna-journal.csv")
    #expect(place.wait { (try? FileSystem.readBytes(journal).count) ?? 0 > 5000 })
    command.send(SIGKILL)
    _ = try command.wait()
    let resumed = try augment(
      "fixtures/digits", "--per-class", "60", "--batch", "16", "--output", "out", "--resume")
    #expect(resumed.status == 0, "\(resumed.errors)")
    let part = try place.files(below: "out")
    #expect(part["run.json"] == whole["run.json"])
    #expect(part == whole)
  }

  @Test func eachClassGetsWhatWasAskedFor() throws {
    let result = try augment(
      "fixtures/digits", "--per-class", "3", "--output", "more", "--contact-sheet", "more.png")
    #expect(result.status == 0)
    #expect(result.output.contains("CLASS  ORIGINALS  NEW  DRAWN  REJECTED  MEDIAN DISTANCE"))
    let rows = try rows("more")
    #expect(
      rows[0].joined(separator: ",")
        == "file,label,seed,log_likelihood_nats,nearest_original,distance,rejected_before,"
        + "label_probability,encoder_distance,drawn_around,towards,origin")
    #expect(rows.count == 31)
    #expect(rows[4][0] == "1/1-gen-000001.png")
    for row in rows.dropFirst() {
      #expect(row[0].hasPrefix("\(row[1])/\(row[1])-gen-"))
      let image = try ImageFile.read(place.path("more/\(row[0])"))
      #expect(image.width == 8 && image.height == 8)
      #expect((Double(row[3]) ?? 1) < 0)
      #expect(FileSystem.exists(place.path("fixtures/digits/\(row[4])")))
      #expect((Double(row[5]) ?? 0) > 0)
    }
    #expect(try place.text("more/run.json").contains("\"score_kind\": \"exact\""))
    let sheet = try ImageFile.read(place.path("more.png"))
    #expect(sheet.height > 10 * 64)
  }

  @Test func theDistanceIsThatToTheNearestOriginal() throws {
    #expect(
      try augment("fixtures/digits", "--total", "12", "--classes", "2,5", "--output", "o").status
        == 0)
    let folder = try ImageFolder(path: place.path("fixtures/digits"))
    let originals = try folder.entries.map { try ImageFile.read(folder.path(of: $0)).pixels }
    let rows = try rows("o").dropFirst()
    #expect(rows.map { $0[1] } == ["2", "2", "2", "2", "2", "2", "5", "5", "5", "5", "5", "5"])
    for row in rows {
      let drawn = levels(try ImageFile.read(place.path("o/\(row[0])")).pixels)
      let distances = originals.map { original in
        let sum = zip(drawn, levels(original)).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return (sum / 64).squareRoot() / 16
      }
      let nearest = distances.min() ?? 0
      #expect(abs((Double(row[5]) ?? 0) - nearest) < 1e-6)
      let named = folder.entries.firstIndex { $0.relativePath == row[4] }
      #expect(named.map { abs(distances[$0] - nearest) < 1e-6 } ?? false)
    }
  }

  /// The levels that samples stand for.
  private func levels(_ pixels: [UInt8]) -> [Double] {
    pixels.map { Double(Int($0) * 17 / 256) }
  }

  @Test func anImageDependsOnItsClassAndNumberAlone() throws {
    #expect(try augment("fixtures/digits", "--per-class", "70", "--output", "a").status == 0)
    let other = try augment(
      "fixtures/digits", "--per-class", "9", "--classes", "7", "--output", "b", "--batch", "2",
      "--threads", "1")
    #expect(other.status == 0)
    let (all, few) = (try rows("a"), try rows("b").dropFirst())
    #expect(few.count == 9)
    for row in few {
      #expect(try place.bytes("a/\(row[0])") == place.bytes("b/\(row[0])"))
      #expect(all.contains(row))
    }
    #expect(
      try augment(
        "fixtures/digits", "--per-class", "9", "--classes", "7", "--output", "c", "--seed", "1"
      ).status == 0)
    #expect(
      try place.bytes("b/7/7-gen-000001.png") != place.bytes("c/7/7-gen-000001.png"))
  }

  @Test func balancingBringsEveryClassToTheLargest() throws {
    for number in 1...9 { try copyDigit(1, number) }
    for number in 1...4 { try copyDigit(2, number) }
    try train("uneven", "u.st")
    let result = try augment(
      "uneven", "--balance", "--output", "o", "--originals", "copy", model: "u.st")
    #expect(result.status == 0, "\(result.errors)")
    #expect(place.folder.names(in: "o/1").count == 9)
    #expect(place.folder.names(in: "o/2").count == 9)
    #expect(try rows("o").dropFirst().allSatisfy { $0[1] == "2" })
    #expect(
      try place.bytes("o/2/digit2-003.png") == place.bytes("fixtures/digits/2/digit2-003.png"))
    let linked = try augment(
      "uneven", "--to", "6", "--output", "l", "--originals", "link", model: "u.st")
    #expect(linked.status == 0)
    #expect(place.folder.names(in: "l/1").count == 9)
    #expect(place.folder.names(in: "l/2").count == 6)
    var information = stat()
    #expect(lstat(place.path("l/2/digit2-001.png"), &information) == 0)
    #expect(information.st_mode & S_IFMT == S_IFLNK)
    #expect(try place.bytes("l/2/digit2-001.png") == place.bytes("uneven/2/digit2-001.png"))
  }

  private func copyDigit(_ label: Int, _ number: Int) throws {
    let name = "\(label)/digit\(label)-00\(number).png"
    try place.copy("fixtures/digits/\(name)", to: "uneven/\(name)")
  }

  @Test func imagesWithoutClassesStandSideBySide() throws {
    let result = try augment(
      "fixtures/digits-holdout", "--total", "5", "--output", "o", "--contact-sheet", "o.png")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try rows("o").dropFirst().map { $0[0] }.last == "gen-000005.png")
    #expect(try rows("o")[1][1].isEmpty)
    #expect(place.folder.names(in: "o").count == 7)
    let balanced = try augment("fixtures/digits-holdout", "--balance", "--output", "p")
    #expect(balanced.status == 1)
    #expect(
      balanced.errors.contains("--balance: no image of fixtures/digits-holdout has a label; name"))
  }

  @Test func aModelThatKnowsItsImagesByHeartIsCaught() throws {
    for number in 1...9 { try copyDigit(3, number) }
    for number in 1...9 { try copyDigit(4, number) }
    // A component for each image, and hardly any smoothing: samples are the images.
    try train(
      "uneven", "heart.st", "--set", "components=40", "--set", "smoothing=0.001")
    let result = try augment("uneven", "--per-class", "200", "--output", "o", model: "heart.st")
    #expect(result.status == 1)
    #expect(result.errors.contains("copy an original"))
    #expect(result.errors.contains("--allow-copies"))
    #expect(result.errors.contains("are kept in o"))
    let kept = try augment(
      "uneven", "--per-class", "20", "--output", "p", "--allow-copies", model: "heart.st")
    #expect(kept.status == 0)
    #expect(try rows("p").count == 41)
    #expect(try rows("p").dropFirst().allSatisfy { $0[6] == "0" })
  }

  @Test func oneClassAndOneImageAreEnough() throws {
    try copyDigit(6, 1)
    try train("uneven", "one.st", "--validation-set", "uneven")
    let one = try augment("uneven", "--per-class", "4", "--output", "o", model: "one.st")
    #expect(one.status == 0)
    #expect(try rows("o").count == 5)
    #expect(one.errors.contains("uneven: has one class alone"))
    #expect(one.errors.contains("class '6' has 1 image; how near a copy is cannot be judged"))
  }

  @Test func labelsAreChecked() throws {
    #expect(
      try augment(
        "fixtures/digits", "--per-class", "10", "--output", "o", "--label-check", "0.5"
      ).status == 0)
    let probabilities = try rows("o").dropFirst().map { Double($0[7]) ?? 0 }
    #expect(probabilities.count == 100 && probabilities.allSatisfy { $0 >= 0.5 && $0 <= 1 })
    let strict = try augment(
      "fixtures/digits", "--per-class", "10", "--output", "s", "--label-check", "1")
    #expect(strict.status == 1)
    #expect(strict.errors.contains("do not look like their label; lower --label-check"))
    let unlabelled = try augment(
      "fixtures/digits-holdout", "--total", "3", "--output", "p", "--label-check", "0.9")
    #expect(unlabelled.status == 1)
    #expect(unlabelled.errors.contains("--label-check: the images of"))
  }

  @Test(arguments: [SIGKILL, SIGINT])
  func aRunThatWasCutShortGoesOn(_ signal: Int32) throws {
    let arguments = ["--per-class", "400", "--batch", "64"]
    #expect(
      try place.lacuna.run(
        ["augment", "fixtures/digits", "--model", "m.st", "--output", "whole"] + arguments
      ).status == 0)
    let command = try place.lacuna.start(
      ["augment", "fixtures/digits", "--model", "m.st", "--output", "part", "--threads", "1"]
        + arguments)
    let journal = place.path("part/.lacuna-journal.csv")
    #expect(place.wait { (try? FileSystem.readBytes(journal).count) ?? 0 > 5000 })
    command.send(signal)
    #expect(try command.wait().status == (signal == SIGINT ? 130 : 128 + signal))
    let resumed = try place.lacuna.run(
      ["augment", "fixtures/digits", "--model", "m.st", "--output", "part", "--resume"] + arguments)
    #expect(resumed.status == 0)
    #expect(resumed.output.contains("done before"))
    var (whole, part) = (try place.files(below: "whole"), try place.files(below: "part"))
    // The commands differ in the name of the output.
    whole["run.json"] = nil
    part["run.json"] = nil
    #expect(whole == part)
    let fewer = try augment(
      "fixtures/digits", "--per-class", "2", "--output", "part", "--resume")
    #expect(fewer.status == 0)
    #expect(place.folder.names(in: "part/0").count == 2)
  }

  @Test func whatDoesNotFitIsSaid() throws {
    let unknown = try augment(
      "fixtures/digits", "--per-class", "2", "--classes", "3,x", "--output", "o")
    #expect(unknown.status == 1)
    #expect(unknown.errors.contains("--classes x: fixtures/digits has no such class; it has 0, 1"))
    try place.copy("fixtures/digits/3/digit3-001.png", to: "named/three/a.png")
    try place.copy("fixtures/digits/4/digit4-001.png", to: "named/4/a.png")
    let other = try augment("named", "--per-class", "2", "--output", "o")
    #expect(other.status == 1)
    #expect(other.errors.contains("named: its class 'three' is no class of the model"))
    #expect(
      try augment("named", "--per-class", "2", "--classes", "4", "--output", "o").status == 0)
    try train("fixtures/digits", "free.st", "--unconditional")
    let free = try augment("fixtures/digits", "--per-class", "2", "--output", "p", model: "free.st")
    #expect(free.status == 1)
    #expect(free.errors.contains("the model was trained without classes"))
    try place.trainAutoencoder()
    let encoder = try augment(
      "fixtures/digits", "--per-class", "2", "--output", "p", model: "encoder.safetensors")
    #expect(encoder.status == 1)
    #expect(encoder.errors.contains("'autoencoder' cannot sample; models that can: "))
    #expect(!FileSystem.exists(place.path("p")))
  }
}
