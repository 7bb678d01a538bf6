import ArgumentParser
import Training

/// Which images judge the model.
struct ValidationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The share of the images that judges the model.", valueName: "fraction"))
  var validation = 0.1

  @Option(
    help: ArgumentHelp("A directory of images that judge it instead.", valueName: "directory"))
  var validationSet: String?

  func validate() throws {
    if !(validation > 0 && validation < 1) {
      throw ValidationError("--validation takes a share between 0 and 1, not \(validation)")
    }
  }

  var source: TrainingRun.Validation {
    validationSet.map { .directory($0) } ?? .fraction(validation)
  }
}
