import Images
import Models
import TestSupport
import Testing
import Training

/// Which images have labels, and which of them are learned.
@Suite struct LabelTests {
  @Test func aTableGivesLabels() throws {
    let folder = try Pictures.folder(6)
    var loader = DatasetLoader()
    loader.labels.file = try folder.write(
      "filename,label\nacross/2,up\ndown/1.png,down\nacross/4,down\n", to: "labels.csv")
    // Lines may name images that cannot be read: these are skipped as ever.
    try folder.write("no image", to: "across/4.png")
    let images = try loader.load(folder.path)
    #expect(images.classes == ["down", "up"])
    #expect(
      images.paths == ["across/0.png", "across/2.png", "down/1.png", "down/3.png", "down/5.png"])
    #expect(images.labels == [nil, 1, 0, nil, nil])
    #expect(images.labelledCount == 2 && images.isPartlyLabelled)
    #expect(images.classCounts == [1, 1])
    #expect(images.problems.count == 1)
    #expect(images.batch([0, 1]).labels == [nil, 1])
    #expect(images.fingerprint != (try DatasetLoader().load(folder.path)).fingerprint)
  }

  @Test func someLabelsOfEachClassAreKept() throws {
    let folder = try Pictures.folder(41)
    try folder.write(
      ImageEncoder.encode(Pictures.stripes(50, label: 0), as: .bilevelPNG),
      to: "_unlabelled/50.png")
    let images = try DatasetLoader().load(folder.path)
    func kept(_ count: Int, seed: UInt64) -> Set<String> {
      let chosen = images.keepingLabels(perClass: count, seed: seed)
      #expect(chosen.classes == images.classes && chosen.paths == images.paths)
      for (label, old) in zip(chosen.labels, images.labels) where label != nil {
        #expect(label == old)
      }
      for label in 0..<2 {
        let available = images.labels.count { $0 == label }
        #expect(chosen.labels.count { $0 == label } == min(count, available))
      }
      return Set(chosen.paths.indices.filter { chosen.labels[$0] != nil }.map { chosen.paths[$0] })
    }
    for seed in 0..<5 as Range<UInt64> {
      #expect(kept(4, seed: seed).isSubset(of: kept(9, seed: seed)))
      #expect(kept(4, seed: seed) == kept(4, seed: seed))
      #expect(kept(4, seed: seed) != kept(4, seed: seed + 1))
    }
    #expect(kept(1000, seed: 1).count == 41)
  }

  @Test func tableAndCountGoTogether() throws {
    let folder = try Pictures.folder(20)
    var loader = DatasetLoader()
    let lines = (0..<18).map { "\($0 % 2 == 0 ? "across" : "down")/\($0),\($0 % 3)\n" }.joined()
    loader.labels.file = try folder.write("filename,label\n" + lines, to: "labels.csv")
    loader.labels.perClass = 2
    loader.labels.seed = 7
    let images = try loader.load(folder.path)
    #expect(images.classes == ["0", "1", "2"])
    #expect(images.labels.compactMap { $0 }.sorted() == [0, 0, 1, 1, 2, 2])
    #expect(images.count == 20)
  }

  @Test func noLabelsCannotBeKept() throws {
    let folder = try TemporaryFolder()
    try folder.write(Pictures.stripes(0, label: 0), to: "a.png")
    try folder.write(Pictures.stripes(1, label: 0), to: "_unlabelled/b.png")
    var loader = DatasetLoader()
    #expect(try loader.load(folder.path).classes == [])
    loader.labels.perClass = 3
    let error = #expect(throws: DatasetError.self) { try loader.load(folder.path) }
    #expect(error?.description.hasPrefix(folder.path) ?? false)
    #expect(error?.description.contains("--labels FILE.csv") ?? false)
  }

  @Test func fewLabelsAreNotHeldBack() throws {
    let folder = try Pictures.folder(60)
    let images = try DatasetLoader().load(folder.path).keepingLabels(perClass: 3, seed: 2)
    for seed in 0..<10 as Range<UInt64> {
      let (held, rest) = images.split(fraction: 0.4, seed: seed)
      #expect(held.count == 24 && held.labelledCount == 0)
      #expect(rest.count == 36 && rest.labelledCount == 6)
      #expect(Set(held.paths + rest.paths) == Set(images.paths))
    }
    // With too few others, all images are drawn from.
    let labels = images.split(fraction: 0.8, seed: 1)
    #expect(labels.held.count == 48 && labels.rest.count == 12)
    #expect(labels.held.labelledCount > 0)
  }

  @Test func judgesKeepTheLabelsOfTheirOwnFolders() throws {
    let place = try TemporaryFolder()
    let learned = try Pictures.folder(12)
    let judges = try Pictures.folder(8)
    var run = Pictures.run(output: place.path("model.safetensors"))
    run.loader.labels.file = try place.write(
      "filename,label\nacross/0,across\ndown/1,down\nacross/2,else\n", to: "labels.csv")
    run.validation = .directory(judges.path)
    let split = try run.load(learned.path)
    #expect(split.training.labelledCount == 3)
    #expect(split.validation.classes == ["across", "down", "else"])
    #expect(split.validation.labels == [0, 0, 0, 0, 1, 1, 1, 1])
    run.isConditional = false
    #expect(try run.load(learned.path).training.labelledCount == 0)
  }
}
