import ArgumentParser
import Tasks
import Tensors

private let defaults = AugmentationOptions(.balance)

/// How images are drawn, and which are kept.
struct DrawingOptions: ParsableArguments {
  @Option(
    help: "What becomes of the originals of these classes.",
    takes: .one(of: AugmentationOptions.Originals.allCases))
  var originals = defaults.originals

  @OptionGroup
  var sampling: SamplingOptions

  @Option(
    help: """
      Draw around originals of the class: encode one, add so many standard deviations of the \
      encoder's noise, paint it (vae, semi-vae).
      """, value: "scale", takes: .number(from: 0))
  var around: Float?

  @Flag(
    help: "Draw somewhere between two originals of the class, --around them (default there: 1).")
  var between = false

  @Flag(help: "Keep samples that copy an original.")
  var allowCopies = false

  @Option(
    help: """
      Draw again where the model finds a sample's label less probable than this; how sure it may be \
      is learnt from the originals, moved a little.
      """,
    value: "probability", takes: .number(in: 0...1))
  var labelCheck: Double?

  @Option(picture: "Show a row of images for each class on one picture.")
  var contactSheet: String?

  @Option(seed: "Decides the random numbers.")
  var seed: UInt64

  @Option(batch: "Images that are drawn together.")
  var batch = defaults.batchSize

  /// The same for the task.
  func options(_ amount: AmountOptions, _ ways: WayOptions) -> AugmentationOptions {
    var options = AugmentationOptions(amount.amount)
    options.classes = amount.chosen
    options.originals = originals
    options.temperature = sampling.temperature
    if around != nil || between {
      options.around = .init(scale: around ?? 1, isBetween: between)
    }
    options.allowsCopies = allowCopies
    options.labelCheck = labelCheck
    options.seed = seed
    options.batchSize = batch
    ways.apply(to: &options)
    return options
  }

  /// What a recipe says, for the task; what becomes of originals and how many images are drawn together is asked here.
  func options(_ recipe: AugmentationRecipe) -> AugmentationOptions {
    var options = recipe.way.options(seed: recipe.seed)
    options.originals = originals
    options.batchSize = batch
    return options
  }
}
