import Files
import Images
import Models
import Tasks
import Tensors
import TestSupport
import Testing
import Training

/// The embedder, with an encoder of the tests' own.
@Suite struct EmbedderTests {
  private let place: Workplace
  private let shape = ImageShape(height: 8, width: 8, channels: 1, levels: 256)

  init() throws { place = try Workplace() }

  @discardableResult
  private func embed(
    _ images: String, to output: String, _ options: EmbeddingOptions = EmbeddingOptions(),
    model: TinyEncoder? = nil, classes: [String] = [], policy: OutputDirectory.Policy = .refuse,
    reporter: TaskReporter = TaskReporter()
  ) throws -> Embedder.Summary {
    let embedder = try Embedder(
      model ?? TinyEncoder(shape: shape), classes: classes, options: options,
      context: Context(precision: .float32))
    return try embedder.run(
      ImageFolder(path: place.path(images)),
      into: EmbeddingOutput(path: place.path(output), format: options.format, policy: policy),
      identity: "tiny", reporter: reporter)
  }

  private func rows(_ path: String) throws -> [[String]] { CSV.lines(of: try place.text(path)) }

  @Test func rowsStandInPathOrderWithTheirLabels() throws {
    let summary = try embed("fixtures/digits", to: "digits.csv")
    #expect((summary.images, summary.features, summary.resumed, summary.skipped) == (400, 5, 0, 0))
    let rows = try rows("digits.csv")
    #expect(rows[0] == ["filename", "label"] + (0..<5).map { "embedding_\($0)" })
    let folder = try ImageFolder(path: place.path("fixtures/digits"))
    #expect(rows.dropFirst().map { $0[0] } == folder.entries.map(\.relativePath))
    #expect(rows.dropFirst().allSatisfy { $0[1] == $0[0].prefix { $0 != "/" } && $0.count == 7 })
    #expect(place.folder.names() == ["digits.csv", "fixtures"])
  }

  @Test func unlabelledImagesHaveNoLabelColumn() throws {
    try embed("fixtures/digits-holdout", to: "holdout.csv")
    let rows = try rows("holdout.csv")
    #expect(rows.count == 21)
    #expect(rows[0].prefix(2) == ["filename", "embedding_0"])
    // Images without a label among labelled ones have an empty one.
    for (name, to) in [("0-01", "few/a/1.png"), ("1-01", "few/_unlabelled/2.png")] {
      try place.copy("fixtures/digits-holdout/digit\(name).png", to: to)
    }
    try embed("few", to: "few.csv")
    #expect(
      try self.rows("few.csv").map { Array($0.prefix(2)) } == [
        ["filename", "label"], ["_unlabelled/2.png", ""], ["a/1.png", "a"],
      ])
  }

  @Test func textReadsBackToTheEncodersOwnFloats() throws {
    try embed("fixtures/digits-holdout/digit5-01.png", to: "one.csv")
    let image = try ImageFile.read(place.path("fixtures/digits-holdout/digit5-01.png"))
    let levels = image.pixels.map(Float.init)
    let tile = Tensor(
      levels + [Float](repeating: 0, count: (Tiles.size - 1) * 64), shape: [Tiles.size, 8, 8, 1])
    let features = TinyEncoder(shape: shape).encodings(ImageBatch(levels: tile), Pass()).means
    let texts = try rows("one.csv")[1].dropFirst()
    #expect(texts.map { Float($0)?.bitPattern } == features.values.prefix(5).map { $0.bitPattern })
    #expect(texts.allSatisfy { text in Float(text).map { "\($0)" == text } ?? false })
  }

  @Test func rowsDependNeitherOnCompanyNorOnBatchesNorOnThreads() throws {
    try embed("fixtures/digits", to: "a.csv")
    var options = EmbeddingOptions()
    options.batchSize = 1
    try embed("fixtures/digits", to: "b.csv", options)
    let threads = ThreadPool.threads
    ThreadPool.threads = 1
    try embed("fixtures/digits", to: "c.csv", options)
    ThreadPool.threads = threads
    let whole = try place.bytes("a.csv")
    #expect(try place.bytes("b.csv") == whole)
    #expect(try place.bytes("c.csv") == whole)
    for row in try rows("a.csv").dropFirst().filter({ $0[0].hasPrefix("7/") }) {
      try embed("fixtures/digits/\(row[0])", to: "alone.csv", policy: .overwrite)
      #expect(try rows("alone.csv")[1].dropFirst() == row.dropFirst(2))
    }
  }

  @Test func awkwardNamesSurvive() throws {
    let names = ["a, b.png", "a \"b\".png", "a\nb.png", "ä 数.png", " '#=1.png"]
    for name in names {
      try place.copy("fixtures/digits-holdout/digit0-01.png", to: "images/x,\"y\"/\(name)")
    }
    try embed("images", to: "names.csv")
    let rows = try rows("names.csv").dropFirst()
    #expect(rows.map { $0[0] }.sorted() == names.map { "x,\"y\"/\($0)" }.sorted())
    #expect(rows.allSatisfy { $0[1] == "x,\"y\"" && $0.count == 7 })
  }

  @Test func variancesAndPredictionsAreAdded() throws {
    var options = EmbeddingOptions()
    options.writesVariances = true
    options.writesPredictions = true
    let classes = ["ant", "bee, small", "cat"]
    try embed(
      "fixtures/digits-holdout", to: "all.csv", options,
      model: TinyEncoder(shape: shape, classCount: 3), classes: classes)
    let rows = try rows("all.csv")
    let added: [String] =
      (0..<5).map { "variance_\($0)" } + ["predicted_class"]
      + classes.map { "probability_\($0)" }
    #expect(Array(rows[0].dropFirst(6)) == added)
    var predicted: Set<String> = []
    for row in rows.dropFirst() {
      let features = row[1...5].compactMap { Float($0) }
      #expect(row[6...10].compactMap { Float($0) } == features.map { $0 * $0 })
      let probabilities = row[12...].compactMap { Float($0) }
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-5)
      let best = try #require(probabilities.indices.max { probabilities[$0] < probabilities[$1] })
      #expect(row[11] == classes[best])
      predicted.insert(row[11])
    }
    #expect(predicted.count > 1)
  }

  @Test func aMatrixHoldsTheSameNumbers() throws {
    var options = EmbeddingOptions()
    options.writesVariances = true
    options.writesPredictions = true
    let model = TinyEncoder(shape: shape, classCount: 2)
    try embed("fixtures/digits", to: "t.csv", options, model: model, classes: ["a", "b"])
    options.format = .npy
    try embed("fixtures/digits", to: "t.npy", options, model: model, classes: ["a", "b"])
    let bytes = try place.bytes("t.npy")
    #expect(bytes.starts(with: [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]))
    let head = String(decoding: bytes[10..<128], as: UTF8.self)
    #expect(head.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (400, 12), }"))
    #expect(head.hasSuffix(" \n"))
    #expect(bytes.count == 128 + 400 * 12 * 4)
    let numbers = bytes[128...].withUnsafeBytes { raw in
      (0..<4800).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
    let table = try rows("t.csv").dropFirst()
    let expected: [Float?] = table.flatMap { row in
      (Array(row[2..<12]) + Array(row[13...])).map { Float($0) }
    }
    #expect(expected == numbers)
    let texts: [[String]] = table.map { [$0[0], $0[1], $0[12]] }
    #expect(
      try rows("t.filenames.csv") == [["filename", "label", "predicted_class"]] + texts)
  }

  @Test func badImagesAreLeftOut() throws {
    for name in place.folder.names(in: "fixtures/broken") {
      try place.copy("fixtures/broken/\(name)", to: "images/\(name)")
    }
    try place.copy("fixtures/odd/grey-8-bit.png", to: "images/large.png")
    try place.copy("fixtures/digits-holdout/digit0-01.png", to: "images/m.png")
    try place.copy("fixtures/digits-holdout/digit5-01.png", to: "images/z.png")
    let broken = place.folder.names(in: "fixtures/broken").count
    var problems: [String] = []
    let summary = try embed(
      "images", to: "t.csv", reporter: TaskReporter(skip: { problems.append($0) }))
    #expect(summary.skipped == broken + 1)
    #expect(problems.count == broken + 1)
    #expect(problems.contains { $0.contains("large.png: is 24x16, but the model encodes") })
    #expect(try rows("t.csv").map { $0[0] } == ["filename", "m.png", "z.png"])
    var options = EmbeddingOptions()
    options.resizes = true
    #expect(try embed("images", to: "u.csv", options).skipped == broken)
    #expect(try rows("u.csv").map { $0[0] } == ["filename", "large.png", "m.png", "z.png"])
    #expect(throws: TaskError.self) { try embed("fixtures/broken", to: "none.csv") }
    #expect(!place.folder.names().contains { $0.contains("none") })
  }

  @Test func whatAModelCannotDoIsSaid() throws {
    let bayes = try ModelInstance(named: "naive-bayes", shape: shape, classCount: 0).model
    #expect(throws: EngineError.self) {
      try Embedder(bayes, classes: [], options: EmbeddingOptions(), context: Context())
    }
    var options = EmbeddingOptions()
    options.writesVariances = true
    let point = TinyEncoder(shape: shape, givesVariances: false)
    #expect {
      try Embedder(point, classes: [], options: options, context: Context())
    } throws: {
      "\($0)".hasPrefix("--variance: 'tiny-encoder' encodes an image as a point")
    }
    options.writesVariances = false
    options.writesPredictions = true
    #expect {
      try Embedder(point, classes: [], options: options, context: Context())
    } throws: {
      "\($0)".hasPrefix("--predict: the model was trained without classes")
    }
  }
}
