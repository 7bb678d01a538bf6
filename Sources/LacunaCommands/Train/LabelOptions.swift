import ArgumentParser
import Training

/// Where labels come from, and how many of them count.
struct LabelOptions: ParsableArguments {
  @OptionGroup
  var table: LabelTableOption

  @Option(
    labelsPerClass: """
      Labels kept of each class, chosen by --seed, of class folders or --labels; the other images \
      are learned without label.
      """, otherwise: "all labels")
  var labelsPerClass: Int?

  /// Refuses labels for a model that shall have none.
  func check(against learning: LearningOptions) throws {
    guard learning.unconditional else { return }
    for (option, isGiven) in [
      ("--labels", table.labels != nil), ("--labels-per-class", labelsPerClass != nil),
    ] where isGiven {
      throw ValidationError("\(option) gives labels and --unconditional ignores them; drop one")
    }
  }

  /// Hands the choices to a loader.
  func apply(to loader: inout DatasetLoader, seed: UInt64) {
    table.apply(to: &loader)
    loader.labels.perClass = labelsPerClass
    loader.labels.seed = seed
  }
}
