public import Files
public import Models
import Tensors
public import Training

/// Finds out what augmentation helps on a data set, by its labelled images alone.
///
/// Labelled images are parted; classifiers learn from all parts but one and from what a way makes of them, and are judged by the part
/// left out. Ways are tried stage by stage, from the cheap to the dear, and those that are hopeless after some parts are dropped.
public struct Recommender: Sendable {
  /// How much is tried.
  public struct Options: Sendable {
    /// Minutes in all.
    public var minutes = 15.0
    /// What every training image undergoes anew each time, whatever the way.
    public var base = ImageTransforms()
    /// Which classifier judges.
    public var classifier = ClassifierKind.small
    /// Decides the random numbers.
    public var seed: UInt64 = 0
    /// How much work is done, where the clock shall decide nothing; nil: what fits into the time.
    package var plan: RecommendationPlan?
    /// Whether an interrupted run is gone on with.
    public var resumes = false

    /// The defaults.
    public init() {}

    /// Text that is equal where one run can go on with what another has measured.
    func identity(_ precision: ElementType) -> String {
      "minutes=\(minutes) base=\(base) classifier=\(classifier) seed=\(seed) precision=\(precision)"
    }
  }

  /// How far a run is.
  public struct Progress: Sendable {
    /// What is tried.
    public let stage: String
    /// The share of the time that is behind.
    public let fraction: Double
    /// What leads, and by how much; nil before anything does.
    public let leading: (title: String, gain: Double)?
  }

  /// Labelled images of a class below which nothing can be judged.
  static let fewestPerClass = 3

  private let options: Options
  private let context: Context

  /// A recommender with these choices.
  public init(_ options: Options, _ context: Context) {
    self.options = options
    self.context = context
  }

  /// Finds the recipe, and writes it with the models that it needs.
  ///
  /// - Parameters:
  ///   - dataset: labelled images of two classes or more, and perhaps others without a label.
  ///   - unlabelled: the directory of more images without a label, for the recipe.
  ///   - output: the recipe's file; models lie beside it, the work so far in a hidden directory.
  /// - Throws: `TaskError` where the images allow no judgement; `Interrupted` after a signal, the work so far kept.
  public func run(
    _ dataset: ImageDataset, path: String, unlabelled: String?, to output: Output,
    report: @escaping (Progress) -> Void = { _ in }
  ) throws -> AugmentationRecipe {
    try check(dataset, path: path)
    let directory = Self.workDirectory(of: output.path)
    try FileSystem.createDirectory(directory)
    let identity = RunIdentity([
      (.images, dataset.fingerprint), (.arguments, options.identity(context.precision)),
    ]).text
    var journal = try RecommendationJournal(
      FileSystem.join(directory, "journal.csv"), of: output.path, identity: identity,
      resumes: options.resumes)
    let watch = Stopwatch()
    let plan = try journal.plan ?? options.plan ?? makePlan(dataset)
    if journal.plan == nil {
      try journal.add(plan)
      try journal.add(seconds: watch.seconds)
    }
    let workshop = CandidateWorkshop(
      dataset: dataset, folds: LabelledFolds(dataset, count: plan.parts, seed: options.seed),
      models: TaughtModels(plan: plan, seed: options.seed, context: context),
      classifier: options.classifier, base: options.base, directory: directory,
      seed: options.seed, context: context)
    let search = RecommendationSearch(
      workshop, journal: journal, seconds: options.plan == nil ? 60 * options.minutes : .infinity,
      report: report)
    try search.run()
    var recipe = search.recipe(base: options.base)
    recipe.unlabelled = unlabelled
    if recipe.helps {
      let files = try search.finalModels(recipe.way)
      recipe.drawing = try files.drawing.map { try Self.place($0, "drawing", beside: output.path) }
      recipe.labelling = try files.labelling.map {
        try Self.place($0, "labelling", beside: output.path)
      }
    }
    try recipe.write(to: output.path)
    try FileSystem.removeDirectory(directory)
    return recipe
  }

  /// Where the work so far of a recipe is kept.
  public static func workDirectory(of path: String) -> String {
    FileSystem.join(
      FileSystem.directory(of: path), ".\(FileSystem.lastComponent(of: path)).work")
  }

  /// Copies a model to its place beside the recipe.
  private static func place(
    _ file: String, _ role: String, beside recipe: String
  ) throws -> AugmentationRecipe.Model {
    let path = modelPath(role, beside: recipe)
    _ = try FileCopy.place(file, at: path)
    return AugmentationRecipe.Model(
      file: FileSystem.lastComponent(of: path), digest: try SHA256.hexadecimal(ofFile: path))
  }

  /// Where models may lie.
  public static func modelPaths(beside recipe: String) -> [String] {
    ["drawing", "labelling"].map { modelPath($0, beside: recipe) }
  }

  /// Where the model of a role lies.
  static func modelPath(_ role: String, beside recipe: String) -> String {
    let stem = recipe.hasSuffix(".json") ? String(recipe.dropLast(5)) : recipe
    return "\(stem).\(role).safetensors"
  }

  private func check(_ dataset: ImageDataset, path: String) throws {
    guard dataset.classes.count > 1 else {
      throw TaskError(
        "\(path): has \(dataset.classes.count) classes; what helps a classifier is found out with two or more class "
          + "folders")
    }
    for (name, count) in zip(dataset.classes, dataset.classCounts) where count < Self.fewestPerClass
    {
      throw TaskError(
        "\(path): class '\(name)' has \(count) labelled image\(count == 1 ? "" : "s"); at least "
          + "\(Self.fewestPerClass) are needed, some to learn from and some to judge by")
    }
  }

  private func makePlan(_ dataset: ImageDataset) throws -> RecommendationPlan {
    let judgeStep = try CandidateWorkshop.stepSeconds(dataset, options.classifier, context)
    return RecommendationPlan(
      seconds: 60 * options.minutes, labelled: dataset.labelledCount,
      hasUnlabelled: dataset.count - dataset.labelledCount >= dataset.labelledCount,
      judgeStep: judgeStep,
      modelStep: TaughtModels.stepSeconds(dataset, seed: options.seed, context))
  }
}
