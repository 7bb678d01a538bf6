import ArgumentParser
import Training

/// When training ends at the latest.
struct TrainingLengthOptions: ParsableArguments {
  @Option(
    help: "Passes over the images.", value: "count", takes: .number(from: 1),
    otherwise: "50, or as many as 3000 steps take")
  var epochs: Int?

  @Option(help: "Minutes of training, in place of --epochs.", takes: .number(above: 0))
  var minutes: Double?

  @Option(
    help: """
      Passes without a better validation score after which training ends, but 1000 steps at the \
      least; 0: never.
      """, value: "epochs", takes: .number(from: 0))
  var patience = TrainingOptions().patience ?? 0

  /// Steps that a training of no given length makes at least: 50 passes over few images are hardly any.
  private static let leastSteps = 3000

  func validate() throws {
    if epochs != nil, minutes != nil {
      throw ValidationError("--epochs and --minutes both say when to end; give one of them")
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
