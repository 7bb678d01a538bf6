import ArgumentParser
import Training

/// When training ends at the latest.
struct TrainingLengthOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Passes over the images (default: 50).", valueName: "count"))
  var epochs: Int?

  @Option(help: "Minutes of training, in place of --epochs.")
  var minutes: Double?

  @Option(
    help: ArgumentHelp(
      "Passes without a better validation score after which training ends; 0: never.",
      valueName: "epochs"))
  var patience = 10

  func validate() throws {
    if epochs != nil, minutes != nil {
      throw ValidationError("--epochs and --minutes both say when to end; give one of them")
    }
    if let epochs, epochs < 1 {
      throw ValidationError("--epochs takes a number from 1, not \(epochs)")
    }
    if let minutes, !(minutes > 0 && minutes.isFinite) {
      throw ValidationError("--minutes takes a number above 0, not \(minutes)")
    }
    if patience < 0 {
      throw ValidationError("--patience takes a number from 0, not \(patience)")
    }
  }

  func apply(to options: inout TrainingOptions) {
    if let epochs { options.length = .epochs(epochs) }
    if let minutes { options.length = .minutes(minutes) }
    options.patience = patience == 0 ? nil : patience
  }
}
