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

  @Option(help: "Below 1 prefers likely pixels; 1 draws from the model.")
  var temperature: Float = 1

  @Option(
    help: ArgumentHelp(
      """
      Draw around originals of the class: encode one, add so many standard deviations of the \
      encoder's noise, paint it (vae, semi-vae).
      """, valueName: "scale"))
  var around: Float?

  @Flag(
    help: "Draw somewhere between two originals of the class, --around them (default there: 1).")
  var between = false

  @Flag(help: "Keep samples that copy an original.")
  var allowCopies = false

  @Option(
    help: ArgumentHelp(
      "Draw again where the model finds a sample's label less probable than this.",
      valueName: "0...1"))
  var labelCheck: Double?

  @Option(
    help: ArgumentHelp("Show a row of images for each class on one picture.", valueName: "file.png")
  )
  var contactSheet: String?

  @Option(help: "Decides the random numbers.")
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Images that are drawn together.", valueName: "count"))
  var batch = 512

  func validate() throws {
    guard temperature > 0, temperature.isFinite else {
      throw ValidationError("--temperature takes a number above 0, not \(temperature)")
    }
    if let around, !(around >= 0 && around.isFinite) {
      throw ValidationError("--around takes a number from 0, not \(around)")
    }
    guard (1...65536).contains(batch) else {
      throw ValidationError("--batch takes a number in 1...65536, not \(batch)")
    }
    if let labelCheck, !(0...1).contains(labelCheck) {
      throw ValidationError("--label-check takes a number in 0...1, not \(labelCheck)")
    }
  }

  /// The same for the task.
  func options(_ amount: AmountOptions) -> AugmentationOptions {
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
    return options
  }
}
