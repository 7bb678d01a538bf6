import Files
import Images
import Models
import Tasks
import Tensors
import TestSupport
import Testing
import Training

/// The parts of augmentation.
@Suite struct AugmentationTests {
  @Test(arguments: [
    (AugmentationOptions.Amount.perClass(7), [7, 7, 7]),
    (.to(20), [15, 0, 19]), (.balance, [95, 0, 99]), (.total(8), [3, 3, 2]),
    (.total(1), [1, 0, 0]),
  ])
  func amountsAreSharedOut(_ amount: AugmentationOptions.Amount, _ counts: [Int]) {
    #expect(
      AugmentationPlan.counts(amount, originals: [5, 100, 1], largest: 100) == counts)
  }

  private func images(_ paths: [String], labels: String? = nil) throws -> ImageDataset {
    let folder = try TemporaryFolder()
    for (number, path) in paths.enumerated() {
      let pixels = (0..<4).map { UInt8(number * 16 + $0) }
      try folder.write(Image(width: 2, height: 2, format: .grey, pixels: pixels), to: path)
    }
    var loader = DatasetLoader()
    loader.labels.file = try labels.map { try folder.write($0, to: "labels.csv") }
    return try loader.load(folder.path)
  }

  private func plan(
    _ images: ImageDataset, _ amount: AugmentationOptions.Amount = .perClass(2),
    classes: [String]? = nil, model: [String]
  ) throws -> AugmentationPlan {
    var options = AugmentationOptions(amount)
    options.classes = classes
    return try AugmentationPlan(options, dataset: images, modelClasses: model, path: "d")
  }

  @Test(arguments: UnicodeForms.pairs)
  func classesOfPlansAreToldApartByBytes(_ one: String, _ other: String) throws {
    let images = try images(["\(one)/1.png", "\(other)/2.png", "\(other)/3.png"])
    let both = try plan(images, model: [one, other])
    #expect(Set(both.classes.map(\.label)) == [0, 1])
    for group in both.classes {
      #expect([one, other][group.label ?? 0].isExactly(group.name ?? ""))
    }
    let chosen = try plan(images, classes: [other], model: [one, other])
    #expect(chosen.classes.map(\.label) == [1] && chosen.classes[0].originals == 2)
    let error = #expect(throws: TaskError.self) { try plan(images, model: [one, "x"]) }
    #expect(error?.description.contains("Unicode normal form") == true)
  }

  @Test func imagesWithoutLabelsAreNotDrawnForAModelWithClasses() throws {
    let images = try images(["1.png", "2.png", "3.png"])
    for amount in [AugmentationOptions.Amount.perClass(2), .to(9), .balance] {
      let error = #expect(throws: TaskError.self) { try plan(images, amount, model: ["a", "b"]) }
      #expect(error?.description.contains("--labels FILE.csv") == true)
    }
    #expect(try plan(images, .total(3), model: ["a", "b"]).total == 3)
    #expect(try plan(images, .perClass(2), model: []).total == 2)
  }

  @Test(arguments: ["a/b", "../a", "..", ".a"])
  func aLabelThatIsNoNameOfAFolderIsRefused(_ name: String) throws {
    let table = "filename,label\n1,\(name)\n2,b\n3,b\n"
    let images = try images(["1.png", "2.png", "3.png"], labels: table)
    let error = #expect(throws: TaskError.self) { try plan(images, model: [name, "b"]) }
    #expect(error?.description.contains("the class '\(name)' cannot be the name of a") == true)
    #expect(try plan(images, classes: ["b"], model: [name, "b"]).total == 2)
  }

  /// Beyond one block of originals, all of them twice, and one of queries; against plain loops.
  @Test func theNearestOriginalIsFound() throws {
    let images = try DatasetLoader().load(Workplace.repository + "/fixtures/digits")
    let members = Array(0..<images.count).filter { $0 % 3 != 1 }
    let asked = Array(stride(from: 0, to: images.count, by: 2))
    let size = images.shape.dimensionCount
    let values = images.batch(Array(0..<images.count)).levels.values
    func distance(_ a: Int, _ b: Int) -> Double {
      let sum = (0..<size).reduce(0.0) { sum, place in
        let difference = Double(values[a * size + place] - values[b * size + place])
        return sum + difference * difference
      }
      return (sum / Double(size)).squareRoot() / 255
    }
    let finder = NearestOriginals(images, among: members + members)
    let queries = images.batch(asked).levels
    for excludes in [false, true] {
      let matches = finder.matches(queries, excluding: excludes ? asked : nil)
      for (query, match) in zip(asked, matches) {
        let nearest = members.filter { !excludes || $0 != query }.map { distance(query, $0) }.min()
        #expect(match.map { abs($0.distance - (nearest ?? -1)) < 1e-9 } ?? false)
        #expect(match.map { members.contains($0.index) } ?? false)
        if !excludes, members.contains(query) { #expect(match?.distance == 0) }
      }
    }
  }

  @Test func anImageAloneHasNoNeighbour() throws {
    let images = try DatasetLoader().load(Workplace.repository + "/fixtures/digits")
    let finder = NearestOriginals(images, among: [5])
    #expect(finder.matches(images.batch([5]).levels, excluding: [5]) == [nil])
    #expect(finder.matches(images.batch([5]).levels).first??.distance == 0)
  }
}
