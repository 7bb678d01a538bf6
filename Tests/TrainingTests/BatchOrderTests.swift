import Models
import TestSupport
import Testing
import Training

/// Which images a step learns from.
@Suite struct BatchOrderTests {
  private static func images(_ count: Int, labelsPerClass: Int? = nil) throws -> ImageDataset {
    let folder = try Pictures.folder(count)
    let images = try withExtendedLifetime(folder) { try DatasetLoader().load(folder.path) }
    return labelsPerClass.map { images.keepingLabels(perClass: $0, seed: 1) } ?? images
  }

  @Test(arguments: [nil, 0, 4])
  func aPassHasEachImageOnce(_ labelsPerClass: Int?) throws {
    let images = try Self.images(50, labelsPerClass: labelsPerClass)
    // Labels are no rarer than the share that is asked for, or there is no such share.
    let share = labelsPerClass == nil ? 0.5 : 0
    var order = BatchOrder(images, labelledShare: share, batchSize: 16, seed: 3)
    #expect(order.stepsPerPass == 4)
    var passes: [[Int]] = []
    for pass in 0..<3 {
      let batches = (0..<4).map { order.batch(pass * 4 + $0) }
      #expect(batches.map(\.count) == [16, 16, 16, 2])
      #expect(batches.flatMap { $0 }.sorted() == Array(0..<50))
      passes.append(batches.flatMap { $0 })
    }
    #expect(passes[0] != passes[1] && passes[1] != passes[2])
  }

  @Test(arguments: [(16, 0.5, 8), (16, 0.2, 3), (10, 0.999, 9), (64, 0.15, 10), (2, 0.4, 1)])
  func everyBatchHasItsShareOfTheLabelled(_ size: Int, _ share: Double, _ expected: Int) throws {
    let images = try Self.images(67, labelsPerClass: 3)
    var order = BatchOrder(images, labelledShare: share, batchSize: size, seed: 5)
    let others = size - expected
    #expect(order.stepsPerPass == (61 + others - 1) / others)
    var labelled: [Int] = []
    var unlabelled: [Int] = []
    for step in 0..<200 {
      let batch = order.batch(step)
      #expect(batch.count == size)
      let known = batch.filter { images.labels[$0] != nil }
      #expect(known.count == expected)
      labelled += known
      unlabelled += batch.filter { images.labels[$0] == nil }
      // Any part of a batch has its share too.
      for end in 1...size {
        let part = batch[..<end].count { images.labels[$0] != nil }
        #expect(abs(Double(part) - Double(end * expected) / Double(size)) < 1)
      }
    }
    for (drawn, count) in [(labelled, 6), (unlabelled, 61)] {
      let cycles = stride(from: 0, through: drawn.count - count, by: count).map {
        Array(drawn[$0..<$0 + count])
      }
      #expect(cycles.count > 1)
      let shuffled = cycles.filter { $0 != $0.sorted() }
      #expect(cycles.allSatisfy { Set($0) == Set(drawn) && Set($0).count == count })
      #expect(shuffled.count > cycles.count / 2)
    }
  }

  @Test(arguments: [0, 0.5])
  func aBatchIsAFunctionOfSeedAndStep(_ share: Double) throws {
    let images = try Self.images(40, labelsPerClass: 2)
    func order(_ seed: UInt64) -> BatchOrder {
      BatchOrder(images, labelledShare: share, batchSize: 8, seed: seed)
    }
    var present = order(1)
    let batches = (0..<40).map { present.batch($0) }
    for step in (0..<40).reversed() {
      var fresh = order(1)
      #expect(fresh.batch(step) == batches[step])
      #expect(present.batch(step) == batches[step])
    }
    var other = order(2)
    #expect((0..<40).map { other.batch($0) } != batches)
  }

  @Test func batchesAreFilledWhereAskedFor() throws {
    let images = try Self.images(50)
    var order = BatchOrder(
      images, labelledShare: 0, batchSize: 16, seed: 1, fillsBatches: true)
    let drawn = (0..<25).flatMap { order.batch($0) }
    #expect(drawn.count == 400)
    for pass in 0..<8 {
      #expect(drawn[pass * 50..<(pass + 1) * 50].sorted() == Array(0..<50))
    }
  }

  @Test func oneImageABatchIsAPlainShuffle() throws {
    let images = try Self.images(20, labelsPerClass: 1)
    var order = BatchOrder(images, labelledShare: 0.5, batchSize: 1, seed: 1)
    #expect((0..<20).flatMap { order.batch($0) }.sorted() == Array(0..<20))
  }

  @Test func modelsThatDoNotAskGetPlainShuffles() throws {
    let images = try Self.images(50, labelsPerClass: 1)
    let instance = try ModelInstance(
      named: "pixelcnn", settings: ["layers": "1", "channels": "4"], shape: images.shape,
      classCount: 2)
    var order = BatchOrder(images, for: instance.model, batchSize: 16, seed: 3)
    var plain = BatchOrder(images, labelledShare: 0, batchSize: 16, seed: 3)
    #expect(order.stepsPerPass == 4)
    for step in 0..<9 { #expect(order.batch(step) == plain.batch(step)) }
  }

  /// Twelve images across and four down: every part of every batch has as many of both, and all are seen.
  @Test(arguments: [0.25, 0.9])
  func classesTakeTurns(_ share: Double) throws {
    let folder = try TemporaryFolder()
    for number in 0..<16 {
      let label = number < 12 ? 0 : 1
      try folder.write(Pictures.stripes(number, label: label), to: "\(label)/\(number).png")
    }
    let images = try withExtendedLifetime(folder) { try DatasetLoader().load(folder.path) }
    #expect(images.classCounts == [12, 4])
    var order = BatchOrder(images, labelledShare: share, batchSize: 6, seed: 2)
    #expect(order.stepsPerPass == 3)
    var seen: [Int: Int] = [:]
    for step in 0..<40 {
      let batch = order.batch(step)
      #expect(batch.count { images.labels[$0] == 1 } == 3)
      #expect(batch.prefix(2).count { images.labels[$0] == 1 } == 1)
      for image in batch { seen[image, default: 0] += 1 }
    }
    #expect(seen.count == 16)
    // 120 draws a class, over 12 and over 4 images.
    for (image, count) in seen { #expect(count == (images.labels[image] == 0 ? 10 : 30)) }
    let instance = try ModelInstance(
      named: "semi-vae", settings: ["network": "dense", "hidden": "4"], shape: images.shape,
      classCount: 2)
    #expect(BatchOrder.drawsClassesEvenly(images, for: instance.model, batchSize: 6))
    let even = try Self.images(20)
    #expect(!BatchOrder.drawsClassesEvenly(even, for: instance.model, batchSize: 6))
  }
}
