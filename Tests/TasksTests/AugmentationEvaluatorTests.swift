import Tasks
import Tensors
import TestSupport
import Testing
import Training

/// The classifier that judges generated images, and what it says of planted ones.
@Suite(.serialized) struct AugmentationEvaluatorTests {
  /// Class folders of the digits: image `n` of each class goes where `place` says, under the class
  /// that `label` says.
  private func digits(
    in place: Workplace, _ part: (Int) -> String?, label: (Int) -> Int = { $0 }
  ) throws {
    for digit in 0..<10 {
      for (number, name) in place.folder.names(in: "fixtures/digits/\(digit)").sorted().enumerated()
      {
        guard let folder = part(number) else { continue }
        try place.copy(
          "fixtures/digits/\(digit)/\(name)", to: "\(folder)/\(label(digit))/\(name)")
      }
    }
  }

  /// Eight images a class to learn from, 12 of each to be judged by, and 20 that stand for generated
  /// ones: good ones, or such with a label of their own choice.
  private func workplace(generatedLabel: (Int) -> Int = { $0 }) throws -> Workplace {
    let place = try Workplace()
    try digits(in: place, { $0 < 8 ? "real" : $0 < 20 ? "test" : nil })
    try digits(in: place, { $0 >= 20 ? "generated" : nil }, label: generatedLabel)
    return place
  }

  private func images(_ place: Workplace) throws -> AugmentationImages {
    try AugmentationImages(
      training: place.path("real"), test: place.path("test"), generated: place.path("generated"),
      loader: DatasetLoader())
  }

  private func report(
    _ place: Workplace, change: (inout AugmentationEvaluator.Options) -> Void = { _ in }
  ) throws -> AugmentationReport {
    var options = AugmentationEvaluator.Options()
    options.labelsPerClass = 3
    options.seeds = 3
    options.steps = 120
    options.batchSize = 32
    change(&options)
    return try AugmentationEvaluator(images(place), options: options).evaluate()
  }

  @Test func goodImagesHelp() throws {
    let report = try report(workplace())
    #expect(report.realCounts == [Int](repeating: 3, count: 10))
    #expect(report.generatedCounts == [Int](repeating: 20, count: 10))
    #expect(report.testCount == 120)
    let real = try #require(report[.real])
    // Chance is a tenth; three images a class tell far more.
    #expect(real.accuracy > 0.5 && real.accuracy < 0.95)
    let difference = try #require(report.difference(.realAndGenerated, less: .real))
    #expect(difference.estimate.value > 0.03)
    #expect(try #require(report[.generated]).accuracy > real.accuracy)
    // Recalls of equally many images a class have the accuracy as their mean.
    let recalls = real.recalls[0].compactMap { $0 }
    #expect(abs(recalls.reduce(0, +) / 10 - real.accuracies[0]) < 1e-9)
  }

  @Test func amountsAreWorthMoreTheMoreThereAre() throws {
    let report = try report(workplace()) {
      $0.seeds = 2
      $0.amounts = [2, 20]
    }
    #expect(report.amounts.map(\.perClass) == [0, 2, 20])
    let means = report.amounts.map { $0.accuracies.reduce(0, +) / 2 }
    // Without generated images it is the training of real ones alone.
    #expect(report.amounts[0].accuracies == report[.real]?.accuracies)
    #expect(means[0] < means[2] && means[1] < means[2], "\(means)")
  }

  @Test func theResidualClassifierLearnsToo() throws {
    func accuracy(_ kind: ClassifierKind) throws -> Double {
      let report = try report(workplace()) {
        $0.labelsPerClass = nil
        $0.seeds = 1
        $0.steps = 100
        $0.classifier = kind
      }
      return try #require(report[.realAndGenerated]).accuracy
    }
    let residual = try accuracy(.residual)
    #expect(residual > 0.75)
    #expect(try accuracy(.small) != residual)
  }

  @Test func wrongLabelsHarm() throws {
    let report = try report(workplace { ($0 + 1) % 10 })
    let difference = try #require(report.difference(.realAndGenerated, less: .real))
    #expect(difference.estimate.value < -0.1)
    #expect(difference.isBeyondSpread == true)
    #expect(try #require(report[.generated]).accuracy < 0.1)
  }

  @Test func theDigitsAreLearnt() throws {
    let report = try report(workplace()) {
      $0.labelsPerClass = nil
      $0.seeds = 1
      $0.steps = 250
    }
    #expect(try #require(report[.realAndGenerated]).accuracy > 0.8)
    #expect(try #require(report[.real]).standardDeviation == nil)
    #expect(report.difference(.realAndGenerated, less: .real)?.isBeyondSpread == nil)
  }

  @Test func numbersFollowFromTheSeedAlone() throws {
    let place = try workplace()
    func measure(seed: UInt64, threads: Int) throws -> AugmentationReport {
      let present = ThreadPool.threads
      ThreadPool.threads = threads
      defer { ThreadPool.threads = present }
      return try report(place) {
        $0.seeds = 2
        $0.steps = 15
        $0.seed = seed
      }
    }
    let first = try measure(seed: 4, threads: 1)
    #expect(try measure(seed: 4, threads: 2) == first)
    let next = try measure(seed: 5, threads: 2)
    // The second seed of one is the first of the other.
    #expect(next.measurements.map(\.accuracies[0]) == first.measurements.map(\.accuracies[1]))
    #expect(next.measurements.map(\.accuracies[1]) != first.measurements.map(\.accuracies[1]))
  }

  @Test func aClassWithoutGeneratedImagesLeavesOutThatMixAlone() throws {
    let place = try Workplace()
    try digits(in: place, { $0 < 8 ? "real" : $0 < 20 ? "test" : nil })
    try place.copy("fixtures/digits/3/digit3-030.png", to: "generated/3/a.png")
    try place.copy("fixtures/odd/grey-8-bit.png", to: "generated/sheet.png")
    let images = try images(place)
    #expect(images.missing == ["0", "1", "2", "4", "5", "6", "7", "8", "9"])
    let report = try report(place) {
      $0.seeds = 1
      $0.steps = 5
    }
    #expect(report[.generated] == nil && report[.realAndBoth] != nil)
    #expect(report.generatedShare == 1 / 31.0)
  }

  @Test func theManifestSaysWhatWasDrawn() throws {
    let place = try workplace()
    try place.folder.write(
      "file,label,seed\n0/digit0-030.png,0,7\n1/digit1-030.png,1,\n", to: "generated/manifest.csv")
    let images = try images(place)
    #expect(images.missing.count == 9 && !images.missing.contains("0"))
  }

  @Test func studentsIntervalDecides() throws {
    let none = PairedDifference([0.9, 0.8, 0.7], less: [0.8, 0.9, 0.7])
    #expect(none.isBeyondSpread == false && abs(none.estimate.value) < 1e-12)
    // Mean 0.02, standard error 0.01/sqrt 3: 3.46 of them, where 4.303 are needed; with one more, 3.182.
    let three = [0.01, 0.02, 0.03]
    let zeros = [Double](repeating: 0, count: 4)
    #expect(PairedDifference(three, less: Array(zeros[..<3])).isBeyondSpread == false)
    #expect(PairedDifference(three + [0.02], less: zeros).isBeyondSpread == true)
    #expect(PairedDifference([0.1], less: [0]).isBeyondSpread == nil)
  }
}
