import Images
import Models
import Synchronization
import Tensors
import TestSupport
import Testing
import Training

/// From directories to batches.
@Suite struct DatasetTests {
  @Test func binaryClasses() throws {
    let folder = try Pictures.folder(5)
    let images = try DatasetLoader().load(folder.path)
    #expect(images.shape == ImageShape(height: 5, width: 6, channels: 1, levels: 2))
    #expect(images.classes == ["across", "down"])
    #expect(images.labels == [0, 0, 0, 1, 1])
    #expect(
      images.paths == ["across/0.png", "across/2.png", "across/4.png", "down/1.png", "down/3.png"])
    let batch = images.batch([3, 0])
    #expect(batch.labels == [1, 0])
    let expected = [Pictures.stripes(1, label: 1), Pictures.stripes(0, label: 0)]
    #expect(batch.levels.shape == [2, 5, 6, 1])
    #expect(batch.levels.values == expected.flatMap(\.pixels).map { $0 == 255 ? 1 : 0 })
  }

  /// Images of another directory are read like the first ones, and have no label, whatever folders they lie in.
  @Test func moreImagesWithoutALabel() throws {
    let folder = try Pictures.folder(4)
    let others = try TemporaryFolder()
    try others.write(
      Image(width: 12, height: 10, format: .rgb, pixels: [UInt8](repeating: 200, count: 360)),
      to: "cat/1.png")
    var loader = DatasetLoader()
    loader.unlabelled = others.path
    let images = try loader.load(folder.path)
    #expect(images.shape == ImageShape(height: 5, width: 6, channels: 1, levels: 2))
    #expect(images.classes == ["across", "down"])
    #expect(images.labels == [0, 0, 1, 1, nil])
    #expect(images.paths.last == "_unlabelled/cat/1.png")
    #expect(images.images([4])[0] == [Float](repeating: 1, count: 30))
    #expect(images.labelledPlaces == [0, 1, 2, 3] && images.unlabelledPlaces == [4])
  }

  @Test func greyAndColour() throws {
    let folder = try TemporaryFolder()
    let grey = Image(width: 2, height: 1, format: .grey, pixels: [10, 200])
    let colour = Image(width: 2, height: 1, format: .rgb, pixels: [1, 2, 3, 250, 251, 252])
    try folder.write(grey, to: "a.png")
    #expect(
      try DatasetLoader().load(folder.path).shape
        == ImageShape(height: 1, width: 2, channels: 1, levels: 256))
    try folder.write(colour, to: "b.png")
    let images = try DatasetLoader().load(folder.path)
    #expect(images.shape == ImageShape(height: 1, width: 2, channels: 3, levels: 256))
    #expect(images.classes == [])
    #expect(images.batch([0, 1]).labels == [nil, nil])
    #expect(
      images.batch([0, 1]).levels.values == [10, 10, 10, 200, 200, 200, 1, 2, 3, 250, 251, 252])
    var loader = DatasetLoader()
    loader.channels = 1
    loader.levels = 4
    let few = try loader.load(folder.path)
    #expect(few.shape == ImageShape(height: 1, width: 2, channels: 1, levels: 4))
    #expect(few.batch([0, 1]).levels.values == [0, 3, 0, 3])
  }

  private func shape(_ images: [Image]) throws -> ImageShape {
    let folder = try TemporaryFolder()
    for (index, image) in images.enumerated() { try folder.write(image, to: "\(index).png") }
    return try DatasetLoader().load(folder.path).shape
  }

  /// What pixels are decides, not how a file stores them.
  @Test func valuesDecideAndNotStorage() throws {
    func image(_ format: PixelFormat, _ pixels: [UInt8], bitDepth: Int = 8) -> Image {
      Image(
        width: pixels.count / format.channels, height: 1, format: format, bitDepth: bitDepth,
        pixels: pixels)
    }
    let bits = image(.grey, [0, 255], bitDepth: 1)
    #expect(try shape([bits]).levels == 2)
    #expect(try shape([bits, image(.grey, [255, 0])]).levels == 2)
    #expect(try shape([bits, image(.rgb, [255, 255, 255, 0, 0, 0])]) == shape([bits]))
    #expect(try shape([bits, image(.greyAlpha, [255, 255, 0, 255])]) == shape([bits]))
    #expect(try shape([bits, image(.greyAlpha, [255, 255, 0, 128])]).levels == 256)
    #expect(try shape([bits, image(.grey, [20, 110])]).levels == 256)
    let greys = try shape([image(.rgb, [7, 7, 7, 90, 90, 90]), image(.grey, [3, 4])])
    #expect(greys == ImageShape(height: 1, width: 2, channels: 1, levels: 256))
    #expect(try shape([image(.rgb, [7, 7, 8, 90, 90, 90])]).channels == 3)
    let primaries = try shape([image(.rgb, [255, 0, 0, 0, 0, 255])])
    #expect(primaries == ImageShape(height: 1, width: 2, channels: 3, levels: 2))
  }

  /// A few strays that decide for all others, and pictures that are nearly black, are told of once with the remedy.
  @Test func whatLooksLikeAMistakeIsToldOnce() throws {
    func warnings(_ images: [Image], _ change: (inout DatasetLoader) -> Void = { _ in }) throws
      -> [String]
    {
      let folder = try TemporaryFolder()
      for (index, image) in images.enumerated() {
        try folder.write(image, to: "\(100 + index).png")
      }
      let told = Mutex<[String]>([])
      var loader = DatasetLoader()
      loader.remark = { text in told.withLock { $0.append(text) } }
      change(&loader)
      _ = try loader.load(folder.path)
      return told.withLock { $0 }
    }
    let plain = [Image](
      repeating: Image(width: 2, height: 1, format: .grey, pixels: [0, 255]), count: 30)
    let grey = Image(width: 2, height: 1, format: .grey, pixels: [20, 110])
    let colour = Image(width: 2, height: 1, format: .rgb, pixels: [255, 0, 0, 0, 0, 255])
    #expect(try warnings(plain) == [])
    #expect(try warnings([grey, colour, colour]) == [])
    let strays = try warnings(plain + [colour])
    #expect(
      strays.count == 1 && strays[0].contains("130.png") && strays[0].contains("--channels grey"))
    #expect(try warnings(plain + [colour]) { $0.channels = 3 } == [])
    let levels = try warnings(plain + [grey])
    #expect(levels.count == 1 && levels[0].contains("130.png") && levels[0].contains("--levels 2"))
    #expect(try warnings(plain + [grey]) { $0.levels = 2 } == [])
    // 12 bits in 16 reach 16.
    for level in [UInt8(9), 16] {
      let dark = try warnings([Image(width: 2, height: 1, format: .grey, pixels: [0, level])])
      #expect(dark.count == 1 && dark[0].contains("above \(level) of 255"))
    }
    #expect(try warnings([Image(width: 2, height: 1, format: .grey, pixels: [0, 17])]) == [])
  }

  /// A data set's top, where its parts stand: they are no classes.
  @Test func partsOfADataSetAreNoClasses() throws {
    for (names, isTold) in [
      (["train", "test"], true), (["Train", "val"], true), (["train", "cat"], false),
      (["train"], false),
    ] {
      let folder = try TemporaryFolder()
      let image = Image(width: 2, height: 1, format: .grey, pixels: [20, 110])
      for name in names { try folder.write(image, to: "\(name)/1.png") }
      let told = Mutex<[String]>([])
      var loader = DatasetLoader()
      loader.remark = { text in told.withLock { $0.append(text) } }
      _ = try loader.load(folder.path)
      #expect(told.withLock { $0 }.contains { $0.contains("--validation-set") } == isTold)
    }
  }

  @Test func unlikeSizes() throws {
    let folder = try Pictures.folder(3)
    try folder.write(Pictures.stripes(9, label: 0, width: 7), to: "across/wide.png")
    let error = #expect(throws: DatasetError.self) { try DatasetLoader().load(folder.path) }
    let text = error?.description ?? ""
    for part in [folder.path, "6x5", "7x5", "across/wide.png", "--size"] {
      #expect(text.contains(part))
    }
    var loader = DatasetLoader()
    loader.size = (6, 5)
    #expect(try loader.load(folder.path).count == 4)
  }

  @Test func badImagesAreSkippedUnlessStrict() throws {
    let folder = try Pictures.folder(4)
    try folder.write("no image", to: "down/text.png")
    try folder.write([UInt8](), to: "down/empty.png")
    let images = try DatasetLoader().load(folder.path)
    #expect(images.count == 4)
    #expect(images.problems.count == 2)
    var loader = DatasetLoader()
    loader.isStrict = true
    let error = #expect(throws: DatasetError.self) { try loader.load(folder.path) }
    #expect(error?.description.contains("empty.png") ?? false)
  }

  @Test func nothingUsable() throws {
    let folder = try TemporaryFolder()
    #expect(throws: ImageFolderError.self) { try DatasetLoader().load(folder.path) }
    #expect(throws: ImageFolderError.self) { try DatasetLoader().load(folder.path("missing")) }
    try folder.write("no image", to: "text.png")
    let error = #expect(throws: DatasetError.self) { try DatasetLoader().load(folder.path) }
    #expect(error?.description.contains("none of its 1 images") ?? false)
  }

  @Test func splitsArePartitions() throws {
    let folder = try Pictures.folder(30)
    let images = try DatasetLoader().load(folder.path)
    let (held, rest) = images.split(fraction: 0.2, seed: 3)
    #expect(held.count == 6 && rest.count == 24)
    #expect(Set(held.paths + rest.paths) == Set(images.paths))
    for part in [held, rest] {
      for (index, path) in part.paths.enumerated() {
        let place = images.paths.firstIndex(of: path) ?? -1
        #expect(part.labels[index] == images.labels[place])
        #expect(part.batch([index]).levels.values == images.batch([place]).levels.values)
      }
    }
    #expect(images.split(fraction: 0.2, seed: 3).held.paths == held.paths)
    #expect(images.split(fraction: 0.2, seed: 4).held.paths != held.paths)
    #expect(images.split(fraction: 0, seed: 1).held.count == 1)
    // Each of the two classes keeps one.
    #expect(images.split(fraction: 1, seed: 1).rest.labels == [0, 1])
  }

  @Test func fingerprintsTellDataApart() throws {
    let folder = try Pictures.folder(6)
    let images = try DatasetLoader().load(folder.path)
    #expect(try DatasetLoader().load(folder.path).fingerprint == images.fingerprint)
    #expect(images.unlabelled.fingerprint != images.fingerprint)
    #expect(images.subset([0, 1, 2, 3, 4]).fingerprint != images.fingerprint)
    try folder.write(Pictures.stripes(99, label: 1), to: "across/0.png")
    var loader = DatasetLoader()
    loader.levels = 2
    #expect(try loader.load(folder.path).fingerprint != images.fingerprint)
  }

  /// Class numbers beyond a byte count whole, and none is no number.
  @Test func fingerprintsTellManyClassesApart() throws {
    let folder = try TemporaryFolder()
    let names = (0..<300).map { "\($0 + 1000)" }
    for (number, name) in names.enumerated() {
      try folder.write(Pictures.stripes(number, label: 0, width: 2, height: 2), to: "\(name).png")
    }
    func fingerprint(_ change: (inout [String]) -> Void) throws -> String {
      var labels = names.map { "c\($0)" }
      change(&labels)
      let lines = zip(names, labels).map { "\($0),\($1)\n" }.joined()
      var loader = DatasetLoader()
      loader.labels.file = try folder.write("filename,label\n" + lines, to: "labels.csv")
      return try loader.load(folder.path).fingerprint
    }
    var seen: Set<String> = [
      try fingerprint { _ in }, try fingerprint { $0.swapAt(3, 259) },
      try fingerprint { $0[4] = $0[260] }, try fingerprint { $0[255] = "" },
      try fingerprint { $0[299] = "d" },
    ]
    #expect(seen.count == 5)
    #expect(!seen.insert(try fingerprint { _ in }).inserted)
  }

  @Test(arguments: UnicodeForms.pairs)
  func classesAreMatchedByBytes(_ one: String, _ other: String) throws {
    let folder = try TemporaryFolder()
    for (number, name) in [one, other, other].enumerated() {
      try folder.write(Pictures.stripes(number, label: 0), to: "\(name)/\(number).png")
    }
    let images = try DatasetLoader().load(folder.path)
    #expect(images.classes.count == 2 && images.classCounts.sorted() == [1, 2])
    #expect(images.relabelled(for: [one]).labelledCount == 1)
    #expect(images.relabelled(for: [other]).labelledCount == 2)
    let both = images.relabelled(for: images.classes.reversed())
    #expect(both.labels.map { 1 - ($0 ?? 9) } == images.labels.map { $0 ?? 9 })
  }

  @Test func classesWithoutAReadableImageAreLeftOut() throws {
    let folder = try Pictures.folder(6)
    try folder.write("no image", to: "a-first/1.png")
    try folder.write("", to: "broken/1.png")
    try folder.write("", to: "broken/2.jpg")
    var loader = DatasetLoader()
    let remarks = Mutex<[String]>([])
    loader.remark = { text in remarks.withLock { $0.append(text) } }
    let images = try loader.load(folder.path)
    #expect(images.classes == ["across", "down"] && images.classCounts == [3, 3])
    #expect(images.labels == [0, 0, 0, 1, 1, 1] && images.problems.count == 3)
    #expect(
      remarks.withLock { $0 } == [
        "\(folder.path): no image of the classes 'a-first', 'broken' can be read; they are left out"
      ])
    loader.labels.file = try folder.write(
      "filename,label\nacross/0,x\nbroken/1,lost\ndown/1,y\n", to: "labels.csv")
    #expect(try loader.load(folder.path).classes == ["x", "y"])
    #expect(
      remarks.withLock { $0 }.last
        == "\(folder.path): no image of the class 'lost' can be read; it is left out")
  }

  @Test func relabelling() throws {
    let folder = try Pictures.folder(4)
    let images = try DatasetLoader().load(folder.path)
    #expect(images.relabelled(for: ["up", "down", "across"]).labels == [2, 2, 1, 1])
    #expect(images.relabelled(for: ["down"]).labels == [nil, nil, 0, 0])
    #expect(images.relabelled(for: []).batch([0]).labels == [nil])
  }

  @Test func levelsSurvivePictures() {
    for levels in 2...256 {
      let shape = ImageShape(height: 1, width: levels, channels: 1, levels: levels)
      let image = PixelLevels.image((0..<levels).map(Float.init), shape: shape)
      let changed = PixelLevels.levels(of: image, shape: shape).enumerated().filter {
        $0.offset != Int($0.element)
      }
      #expect(changed.isEmpty, "\(levels) levels")
      #expect(image.pixels.first == 0 && image.pixels.last == 255)
    }
  }
}
