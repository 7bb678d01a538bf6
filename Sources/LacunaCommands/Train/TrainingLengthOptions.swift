import ArgumentParser
import Training

/// When training ends at the latest.
struct TrainingLengthOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Passes over the images (default: 50, or as many as 3000 steps take).", valueName: "count"))
  var epochs: Int?

  @Option(help: "Minutes of training, in place of --epochs.")
  var minutes: Double?

  @Option(
    help: ArgumentHelp(
      """
      Passes without a better validation score after which training ends, but 1000 steps at the \
      least; 0: never.
      """,
      valueName: "epochs"))
  var patience = 10

  /// Steps that a training of no given length makes at least: 50 passes over few images are hardly any.
  private static let leastSteps = 3000

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
    if let epochs {
      options.length = .epochs(epochs)
    } else {
      options.leastSteps = Self.leastSteps
    }
    if let minutes { options.length = .minutes(minutes) }
    options.patience = patience == 0 ? nil : patience
  }
}
