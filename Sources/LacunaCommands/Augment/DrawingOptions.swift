import ArgumentParser
import Tasks
import Tensors

/// How images are drawn, and which are kept.
struct DrawingOptions: ParsableArguments {
  /// What becomes of the originals.
  enum Originals: String, ExpressibleByArgument, CaseIterable {
    case none, copy, link
  }

  @Option(help: "What becomes of the originals of these classes: none, copy or link.")
  var originals = Originals.none

  @Option(
    help: "Below 1 prefers likely pixels; 1 draws from the model.", takes: .number(above: 0))
  var temperature: Float = 1

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
    help: "Draw again where the model finds a sample's label less probable than this.",
    value: "probability", takes: .number(in: 0...1))
  var labelCheck: Double?

  @Option(
    help: ArgumentHelp("Show a row of images for each class on one picture.", valueName: "file.png")
  )
  var contactSheet: String?

  @Option(help: "Decides the random numbers.", takes: .seed)
  var seed: UInt64 = 0

  @Option(help: "Images that are drawn together.", value: "count", takes: .batch)
  var batch = 512

  /// The same for the task.
  func options(_ amount: AmountOptions, precision: ElementType) -> AugmentationOptions {
    var options = AugmentationOptions(amount.amount)
    options.classes = amount.chosen
    options.originals = AugmentationOptions.Originals(rawValue: originals.rawValue) ?? .none
    options.temperature = temperature
    if around != nil || between {
      options.around = .init(scale: around ?? 1, isBetween: between)
    }
    options.allowsCopies = allowCopies
    options.labelCheck = labelCheck
    options.seed = seed
    options.batchSize = batch
    options.precision = precision
    return options
  }
}
