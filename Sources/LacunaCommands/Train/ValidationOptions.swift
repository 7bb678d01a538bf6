import ArgumentParser
import Training

/// Which images judge the model.
struct ValidationOptions: ParsableArguments {
  @Option(
    help: "The share of the images that judges the model.", value: "fraction", takes: .share)
  var validation = 0.1

  @Option(
    help: ArgumentHelp("A directory of images that judge it instead.", valueName: "directory"))
  var validationSet: String?

  var source: TrainingRun.Validation {
    validationSet.map { .directory($0) } ?? .fraction(validation)
  }
}
