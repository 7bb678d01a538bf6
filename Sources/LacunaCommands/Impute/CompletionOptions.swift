import ArgumentParser
import Images
import Tasks
import Tensors

/// How holes are filled.
struct CompletionOptions: ParsableArguments {
  /// The format of outputs.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case png, jpeg
  }

  @Option(help: ArgumentHelp("Completions an image.", valueName: "count"))
  var samples = 1

  @Option(
    help: ArgumentHelp(
      "Where the model has fixed orders: ordered, in the best of them, blind to known pixels after the hole; "
        + "particles, which heed them; raster, always row by row; auto, ordered where exact, else particles.",
      valueName: "method"))
  var method = "auto"

  @OptionGroup
  var filling: FillingOptions

  @Option(help: "Below 1 prefers likely pixels; 1 draws from the model.")
  var temperature: Float = 1

  @Option(help: ArgumentHelp("The class of all images.", valueName: "class"))
  var label: String?

  @Flag(help: "Write the average of the completions too, as NAME.mean.png.")
  var mean = false

  @Flag(
    help: "Write the entropy of each pixel over the completions too, as NAME.uncertainty.png.")
  var uncertainty = false

  @Option(
    help: ArgumentHelp("Show holes and completions on one picture.", valueName: "file.png"))
  var contactSheet: String?

  @Option(help: "png, or jpeg, which cannot keep known pixels as they are.")
  var format = Format.png

  @Option(help: "Decides the random numbers.")
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp("Images that are drawn together, particles counted.", valueName: "count"))
  var batch = 256

  func validate() throws {
    guard (1...100_000).contains(samples) else {
      throw ValidationError("--samples takes a number in 1...100000, not \(samples)")
    }
    guard (1...65536).contains(batch) else {
      throw ValidationError("--batch takes a number in 1...65536, not \(batch)")
    }
    guard temperature > 0, temperature.isFinite else {
      throw ValidationError("--temperature takes a number above 0, not \(temperature)")
    }
    if uncertainty, samples < 2 {
      throw ValidationError(
        "--uncertainty compares completions: give --samples 2 or more, such as 16")
    }
  }

  /// The same for the task.
  func options() -> ImputationOptions {
    var options = ImputationOptions()
    options.filling.samples = samples
    options.filling.temperature = temperature
    options.filling.filling = filling.options(method: method)
    options.filling.seed = seed
    options.batchSize = batch
    options.label = label
    options.writesMean = mean
    options.writesUncertainty = uncertainty
    options.format = format == .jpeg ? .jpeg(quality: 95) : .png
    return options
  }
}
