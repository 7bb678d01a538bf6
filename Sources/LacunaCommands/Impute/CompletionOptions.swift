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

  @Option(help: "Completions an image.", value: "count", takes: .number(in: 1...100_000))
  var samples = 1

  @Option(
    help: ArgumentHelp(
      "Where the model has fixed orders: ordered, in the best of them, blind to known pixels after the hole; "
        + "particles, which heed them; raster, always row by row; auto, ordered where exact, else particles.",
      valueName: "method"))
  var method = "auto"

  @OptionGroup
  var filling: ParticleOptions

  @Option(
    help: "Passes of 'any-order' an image; fewer than missing pixels are quicker, and approximate.",
    value: "count", takes: .number(above: 0))
  var steps: Int?

  @Option(
    help: "Below 1 prefers likely pixels; 1 draws from the model.", takes: .number(above: 0))
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

  @Option(help: "Decides the random numbers.", takes: .seed)
  var seed: UInt64 = 0

  @Option(
    help: "Images that are drawn together, particles counted.", value: "count", takes: .batch)
  var batch = 256

  func validate() throws {
    _ = try ImputationMethod(named: method)
    if uncertainty, samples < 2 {
      throw ValidationError(
        "--uncertainty compares completions: give --samples 2 or more, such as 16")
    }
  }

  /// The same for the task.
  func options(precision: ElementType) -> ImputationOptions {
    var options = ImputationOptions()
    options.samples = samples
    options.temperature = temperature
    options.method = ImputationMethod(rawValue: method) ?? .auto
    options.particles = filling.particles
    options.steps = steps
    options.seed = seed
    options.batchSize = batch
    options.precision = precision
    options.label = label
    options.writesMean = mean
    options.writesUncertainty = uncertainty
    options.format = format == .jpeg ? .jpeg(quality: 95) : .png
    return options
  }
}
