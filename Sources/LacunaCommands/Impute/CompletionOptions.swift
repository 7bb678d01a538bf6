import ArgumentParser
import Images
import Tasks
import Tensors

private let defaults = ImputationOptions()

/// How holes are filled.
struct CompletionOptions: ParsableArguments {
  @Option(samples: "Completions an image.")
  var samples = defaults.filling.samples

  @Option(
    help: ArgumentHelp(
      "Where the model has fixed orders: ordered, in the best of them, blind to known pixels after the hole; "
        + "particles, which heed them; raster, always row by row; auto, ordered where exact, else particles.",
      valueName: "method"))
  var method = "auto"

  @OptionGroup
  var filling: FillingOptions

  @OptionGroup
  var sharpness: TemperatureOption

  @Option(help: ArgumentHelp("The class of all images.", valueName: "class"))
  var label: String?

  @Flag(
    help: """
      Write the mean of all possible completions too, as NAME.mean.png; where the model cannot tell \
      it, the average of those drawn.
      """)
  var mean = false

  @Flag(
    help: "Write the entropy of each pixel over the completions too, as NAME.uncertainty.png.")
  var uncertainty = false

  @Option(picture: "Show holes and completions on one picture.")
  var contactSheet: String?

  @Option(
    help: "The format of outputs; jpeg cannot keep known pixels as they are.",
    takes: .one(of: [("png", .png), ("jpeg", .jpeg(quality: 95))]))
  var format = defaults.format

  @Option(seed: "Decides the random numbers.")
  var seed: UInt64

  @Option(batch: "Images that are drawn together, particles counted.")
  var batch = defaults.batchSize

  func validate() throws {
    if uncertainty, samples < 2 {
      throw ValidationError(
        "--uncertainty compares completions: give --samples 2 or more, such as 16")
    }
  }

  /// The same for the task.
  func options() -> ImputationOptions {
    var options = ImputationOptions()
    options.filling.samples = samples
    options.filling.temperature = sharpness.temperature
    options.filling.filling = filling.options(method: method)
    options.filling.seed = seed
    options.batchSize = batch
    options.label = label
    options.writesMean = mean
    options.writesUncertainty = uncertainty
    options.format = format
    return options
  }
}
