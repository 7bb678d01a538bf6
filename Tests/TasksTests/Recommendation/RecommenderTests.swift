import Files
import Images
import Models
import Tasks
import Tensors
import TestSupport
import Testing
import Training

/// What `recommend` finds on images whose answer is known.
@Suite(.serialized) struct RecommenderTests {
  /// Bars across and bars down, each anywhere: what a few have not shown, shifted copies do.
  private func bars(_ folder: TemporaryFolder, perClass: Int, unlabelled: Int = 0) throws {
    let random = RandomSource(seed: 8, purpose: .testing)
    for number in 0..<2 * (perClass + unlabelled) {
      let isAcross = number % 2 == 0
      let draws = random.at(number).uniforms(66)
      let (row, column) = (1 + Int(draws[0] * 6), 1 + Int(draws[1] * 6))
      let pixels = (0..<64).map { place -> UInt8 in
        let (y, x) = (place / 8, place % 8)
        let isOn =
          isAcross
          ? y == row && abs(x - column) <= 1 : x == column && abs(y - row) <= 1
        return UInt8((isOn ? 150 : 0) + Int(draws[2 + place] * 100))
      }
      let group = number / 2 < perClass ? (isAcross ? "across" : "down") : "_unlabelled"
      try folder.write(
        Image(width: 8, height: 8, format: .grey, pixels: pixels),
        to: "data/\(group)/\(number).png")
    }
  }

  private func recommend(
    _ folder: TemporaryFolder, stop: StopFlag = StopFlag(), threads: Int? = nil,
    resumes: Bool = false, change: (inout Recommender.Options) -> Void = { _ in },
    report: @escaping (Recommender.Progress) -> Void = { _ in }
  ) throws -> AugmentationRecipe {
    var options = Recommender.Options()
    options.plan = RecommendationPlan(parts: 3, rounds: 1, judgeSteps: 40, judgeSeconds: 1)
    options.resumes = resumes
    change(&options)
    let images = try DatasetLoader().load(folder.path("data"))
    let context = Context(threads: threads, precision: .float32, stop: stop)
    return try context.run {
      try Recommender(options, context).run(
        images, path: "data", unlabelled: nil,
        to: Output(
          folder.path("recipe.json"), option: "--output", policy: resumes ? .resume : .overwrite,
          inputs: .none), report: report)
    }
  }

  @Test func shiftsHelpWhereThingsAreAnywhere() throws {
    let folder = try TemporaryFolder()
    try bars(folder, perClass: 30)
    let recipe = try recommend(folder, change: { $0.plan?.judgeSteps = 60 })
    #expect(recipe.helps, "\(recipe.verdict)")
    #expect(recipe.way.transformed != nil)
    #expect(recipe.expected.gain > 0.05 && recipe.expected.low < recipe.expected.gain)
    #expect(recipe.verdict.hasPrefix("use "))
    // The file says the same, and nothing of the work is left.
    #expect(try AugmentationRecipe(contentsOf: folder.path("recipe.json")) == recipe)
    #expect(folder.names(in: ".").sorted() == ["data", "recipe.json"])
  }

  @Test func nothingHelpsWhereLabelsMeanNothing() throws {
    let folder = try TemporaryFolder()
    let random = RandomSource(seed: 2, purpose: .testing)
    for number in 0..<60 {
      let pixels = random.at(number).uniforms(36).map { UInt8($0 * 255) }
      try folder.write(
        Image(width: 6, height: 6, format: .grey, pixels: pixels),
        to: "data/\(number % 2)/\(number).png")
    }
    let recipe = try recommend(folder)
    #expect(!recipe.helps || recipe.expected.gain < 0.15, "\(recipe.verdict)")
    #expect(recipe.expected.low < 0.02)
  }

  @Test func oneThatIsInterruptedEndsWithTheSameRecipe() throws {
    let folder = try TemporaryFolder()
    try bars(folder, perClass: 12)
    func short(_ options: inout Recommender.Options) {
      options.plan = RecommendationPlan(parts: 2, rounds: 1, judgeSteps: 8, judgeSeconds: 1)
    }
    let whole = try recommend(folder, threads: 2, change: short)
    try FileSystem.removeFile(folder.path("recipe.json"))
    var stops = 0
    while true {
      let stop = StopFlag()
      var reports = 0
      do {
        let recipe = try recommend(
          folder, stop: stop, threads: 1, resumes: stops > 0, change: short,
          report: { _ in
            reports += 1
            if reports > 9 + stops { stop.raise() }
          })
        #expect(recipe == whole)
        break
      } catch is Interrupted { stops += 1 }
    }
    #expect(stops > 2)
  }

  @Test func anotherRunsWorkIsNotTakenOver() throws {
    let folder = try TemporaryFolder()
    try bars(folder, perClass: 6)
    let stop = StopFlag()
    #expect(throws: Interrupted.self) {
      try recommend(folder, stop: stop, report: { _ in stop.raise() })
    }
    let error = #expect(throws: OutputError.self) {
      try recommend(folder, resumes: true) { $0.seed = 3 }
    }
    #expect(error?.description.contains("recipe.json") == true)
  }

  @Test func whatCannotBeJudgedIsRefused() throws {
    let folder = try TemporaryFolder()
    try bars(folder, perClass: 2)
    let error = #expect(throws: TaskError.self) { try recommend(folder) }
    #expect(error?.description.contains("class 'across' has 2 labelled images") == true)
  }

  @Test func imagesWithoutALabelGetOne() throws {
    let folder = try TemporaryFolder()
    try bars(folder, perClass: 12, unlabelled: 40)
    let recipe = try recommend(folder) {
      $0.plan?.modelSteps = [.features: 40, .labelling: 60]
    }
    let found = recipe.trials.filter { $0.title.hasPrefix("pseudo-labels") }
    #expect(found.contains { $0.parts >= 1 })
    // Images that were found change what a classifier says.
    #expect(found.contains { $0.gain != 0 })
    #expect(recipe.counts == (24, 80))
  }

  @Test func modelsDrawWithinEachPart() throws {
    let folder = try TemporaryFolder()
    try bars(folder, perClass: 9)
    let recipe = try recommend(folder, change: { $0.plan?.modelSteps = [.drawing: 40] })
    // A part that a model cannot draw for counts as one where it makes nothing: it is tried all the same.
    let drawn = recipe.trials.filter { $0.title.hasPrefix("drawn") }
    #expect(drawn.count == 3 && drawn.allSatisfy { $0.parts >= 1 })
    // Where images are drawn they change what a classifier says.
    #expect(drawn.contains { $0.gain != 0 })
  }

  @Test func partsShareOutEveryClass() throws {
    let folder = try TemporaryFolder()
    try bars(folder, perClass: 11)
    try folder.write(
      Image(width: 8, height: 8, format: .grey, pixels: [UInt8](repeating: 9, count: 64)),
      to: "data/single/1.png")
    let images = try DatasetLoader().load(folder.path("data"))
    let folds = LabelledFolds(images, count: 5, seed: 4)
    let round = folds.round(0)
    #expect(
      round.flatMap(\.judged).sorted() == images.labels.indices.filter { images.labels[$0] != 2 })
    for fold in round {
      #expect(Set(fold.judged).isDisjoint(with: fold.training))
      #expect(fold.judged.count + fold.training.count == images.count)
      for label in 0..<2 {
        #expect((2...3).contains(fold.judged.count { images.labels[$0] == label }))
      }
      // One that is alone in its class is always learnt from.
      #expect(fold.training.contains { images.labels[$0] == 2 })
    }
    #expect(folds.round(1).map(\.judged) != round.map(\.judged))
  }

  @Test func plansAreReadAsTheyAreWritten() {
    var plan = RecommendationPlan(parts: 5, rounds: 2, judgeSteps: 321, judgeSeconds: 1.25)
    plan.modelSteps[.drawing] = 700
    plan.modelSeconds[.drawing] = 31.5
    #expect(RecommendationPlan(plan.fields) == plan)
    #expect(RecommendationPlan(Array(plan.fields.dropLast())) == nil)
  }
}
