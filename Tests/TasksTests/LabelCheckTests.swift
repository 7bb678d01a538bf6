import Foundation
import Models
import Tasks
import Tensors
import TestSupport
import Testing
import Training

/// How probable the label of a drawn image is, as `augment --label-check` sees it.
@Suite struct LabelCheckTests {
  private let shape = ImageShape(height: 3, width: 3, channels: 1, levels: 256)

  /// A rare class is not disbelieved for being rare.
  @Test func whatAClassifierSaysIsWeighedByHowCommonItsClassesWere() throws {
    let model = TinyEncoder(shape: shape, classCount: 3)
    let levels = RandomSource(seed: 2, purpose: .testing).uniform([Tiles.size, 3, 3, 1]) * 255
    let labels = (0..<Tiles.size).map { $0 % 3 }
    let said = model.classProbabilities(ImageBatch(levels: levels), Pass()).values
    let counts = [90.0, 9, 1]
    let check = try LabelCheck(model, classCounts: [90, 9, 1], Pass())
    let probabilities = check.probabilities(levels, labels: labels)
    for (image, label) in labels.enumerated() {
      let weighed = (0..<3).map { Double(said[image * 3 + $0]) / counts[$0] }
      let expected = weighed[label] / weighed.reduce(0, +)
      #expect(abs(probabilities[image] - expected) < 1e-5)
    }
    let alike = try LabelCheck(model, classCounts: [7, 7, 7], Pass())
    for (image, probability) in alike.probabilities(levels, labels: labels).enumerated() {
      #expect(abs(probability - Double(said[image * 3 + labels[image]])) < 1e-5)
    }
  }

  /// What is said with some probability is right as often, however much surer a model is.
  @Test(arguments: [4.0, 50])
  func theTemperatureUndoesTooMuchSureness(_ factor: Double) {
    let random = RandomSource(seed: 3, purpose: .testing)
    let count = 4000
    let scores = random.normal([count, 3]).values.map { Double($0) * 1.5 }
    let draws = random.derived(1).uniforms(count).map(Double.init)
    var labels: [Int] = []
    let rows = (0..<count).map { Array(scores[$0 * 3..<$0 * 3 + 3]) }
    for (row, draw) in zip(rows, draws) {
      let shares = row.indices.map { place in
        1 / row.reduce(0) { $0 + exp($1 - row[place]) }
      }
      labels.append(draw < shares[0] ? 0 : draw < shares[0] + shares[1] ? 1 : 2)
    }
    let tooSure = rows.map { $0.map { $0 * factor } }
    let temperature = LabelCheck.temperature(tooSure, labels: labels)
    #expect(abs(temperature / factor - 1) < 0.1)
    // Never surer than the model.
    #expect(LabelCheck.temperature(rows.map { $0.map { $0 / 4 } }, labels: labels) == 1)
    #expect(LabelCheck.temperature([], labels: []) == 1)
  }

  /// A model that knows nothing of the images is believed as little as it is right.
  @Test func realImagesTeachHowSureAModelMayBe() throws {
    let place = try Workplace()
    let images = try DatasetLoader().load(place.path("fixtures/digits"))
    let model = TinyEncoder(shape: images.shape, classCount: images.classes.count)
    let check = try LabelCheck(model, classCounts: images.classCounts, Pass())
    let calibrated = check.calibrated(on: images)
    #expect(calibrated.temperature > 1)
    let batch = images.batch(Array(0..<Tiles.size))
    let labels = batch.labels.compactMap { $0 }
    let before = check.probabilities(batch.levels, labels: labels)
    #expect(calibrated.probabilities(batch.levels, labels: labels) != before)
    // Without a label there is nothing to learn from.
    #expect(check.calibrated(on: images.keepingLabels(perClass: 0, seed: 0)).temperature == 1)
  }

  @Test func oneClassIsNothingToTellApart() {
    #expect(throws: EngineError.self) {
      try LabelCheck(TinyEncoder(shape: shape, classCount: 1), classCounts: [5], Pass())
    }
  }
}
