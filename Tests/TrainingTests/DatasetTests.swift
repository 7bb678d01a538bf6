import Images
import Models
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
