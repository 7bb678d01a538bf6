import Files
import Images
import Models
import Tasks
import Tensors
import TestSupport
import Testing
import Training

/// Outputs that cannot be are known when a run is planned.
@Suite struct OutputPlaceTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try place.trainNaiveBayes()
  }

  private func plan(_ options: ImputationOptions) throws -> ImputationPlan {
    let imputer = try Imputer(
      ModelFile(contentsOf: place.path("nb.safetensors")), options: options,
      context: Context(precision: .float32))
    return try imputer.plan(
      MaskPairing(ImageFolder(path: place.path("img")), with: .region(.topHalf)))
  }

  @Test(arguments: [(1, false, 0), (2, false, 1), (1, true, 2), (100, false, 2)])
  func namesThatWouldBeTooLong(_ samples: Int, _ mean: Bool, _ problems: Int) throws {
    for name in [
      "a", String(repeating: "b", count: 251), String(repeating: "ü", count: 124), "c",
    ] { try place.copy("fixtures/digits-holdout/digit0-01.png", to: "img/\(name).png") }
    var options = ImputationOptions()
    options.filling.samples = samples
    options.writesMean = mean
    let plan = try plan(options)
    #expect(plan.problems.count == problems)
    #expect(plan.items.count == 4 - problems)
    for problem in plan.problems { #expect(problem.contains("file names have at most 255")) }
  }

  @Test func anOutputThatIsAFolderOfOthers() throws {
    for name in ["a.png", "a.1.png/b.png", "z.png"] {
      try place.copy("fixtures/digits-holdout/digit0-01.png", to: "img/\(name)")
    }
    var options = ImputationOptions()
    options.filling.samples = 2
    let plan = try plan(options)
    #expect(plan.items.map(\.relativePath) == ["a.1.png/b.png", "z.png"])
    #expect(plan.problems.first?.contains("is a folder of the output of a.1.png/b.png") == true)
  }
}
