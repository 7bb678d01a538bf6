import ArgumentParser
import Files
import Images
import Models
import Tasks
import Tensors
import Training

/// `lacuna impute`.
struct ImputeCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "impute",
    abstract: "Fill the missing pixels of images; known pixels stay as they are, bit for bit.",
    discussion: """
      Masks pair with images by relative path without extension. Besides the images, the output \
      directory gets completions.csv, which says of each completion how likely the model finds it \
      and whether it is exact, and run.json. Where a model fills in fixed orders and known pixels \
      come after the hole in all of them, it is filled by particles: approximate, with their \
      effective sample size. Images larger than the model are filled through windows of its size.

      With --shard a block of the images is filled, and shard.json says which; 'lacuna merge' joins \
      such directories.

      Examples:
        lacuna impute fixtures/digits-holdout --masks fixtures/masks \\
          --model digits.safetensors --output filled
        lacuna impute fixtures/digits-holdout --region bottom-half \\
          --model digits.safetensors --samples 3 --output halves \\
          --contact-sheet halves.png
        lacuna impute fixtures/digits-holdout --masks fixtures/masks \\
          --model digits.safetensors --dry-run
      """)

  @Argument(help: "The directory of images, or one image.")
  var images: String

  @OptionGroup
  var trained: ModelOption

  @Option(help: ArgumentHelp("The directory to write to.", valueName: "directory"))
  var output: String?

  @OptionGroup(title: "Holes")
  var holes: MaskOptions

  @OptionGroup(title: "Completions")
  var completions: CompletionOptions

  @Flag(help: "List the images, their masks and the share missing; fill nothing.")
  var dryRun = false

  @OptionGroup(title: "Computing")
  var machine: ComputingOptions

  @OptionGroup(title: "Output")
  var files: OutputOptions

  @OptionGroup(title: "Output")
  var sharding: ShardOption

  @OptionGroup(title: "Input")
  var input: StrictOption

  @OptionGroup(title: "Messages")
  var reporting: ReportingOptions

  var computing: ComputingOptions? { machine }

  /// Masks without an image that are named one by one.
  private static let mostUnused = 3

  func validate() throws {
    if output == nil, !dryRun {
      throw ValidationError("--output names the directory to write to; or give --dry-run")
    }
    try sharding.refuse(
      [("--contact-sheet", completions.contactSheet != nil)], because: "shows images of all")
    try sharding.refuse([("--dry-run", dryRun)], because: "lists all images")
  }

  func run(session: Session) throws {
    let shard = try sharding.chosen()
    let model = try trained.recorded()
    let file = model.file
    let imputer = try Imputer(
      file, options: completions.options(), context: machine.context(auto: .fastest))
    let pairing = try MaskPairing(
      ImageFolder(path: images), with: holes.source(), missing: holes.reading.missing)
    let plan = imputer.plan(pairing)
    if pairing.masksAmongImages > 0 { session.note(pairing.masksAmongImagesNote) }
    for mask in pairing.unusedMasks.prefix(Self.mostUnused) {
      session.warn("\(mask): is the mask of no image")
    }
    if pairing.unusedMasks.count > Self.mostUnused {
      session.warn(
        "\(pairing.unusedMasks.count - Self.mostUnused) other masks have no image either")
    }
    guard let output, !dryRun else {
      return try dryRun(plan, imputer.filler, session)
    }
    let directory = try OutputDirectory(
      path: output, policy: files.policy, inputs: Inputs(images, trained.model, holes.path))
    let sheet = try completions.contactSheet.map {
      try directory.companion($0, option: "--contact-sheet")
    }
    if plan.withoutLabel > 0 {
      session.note(
        "\(plan.withoutLabel) of \(plan.items.count) images have no folder named by a class of the "
          + "model, and are filled without a class; --label gives one")
    }
    if shard != nil, completions.filling.steps != nil {
      session.note("what --steps costs is estimated from all images, which a shard does not tell")
    }
    if case .jpeg = completions.format {
      session.warn("--format jpeg: JPEG changes known pixels a little; PNG keeps them")
    }
    let summary = try imputer.run(
      plan, into: directory,
      record: RunRecord(model, seed: completions.seed, reads: "\(images) \(holes.identity)"),
      contactSheet: sheet, shard: shard, reporter: input.reporter(session))
    try session.result(
      ImputeReport.json(summary, directory), text: ImputeReport.text(summary, directory))
  }

  private func dryRun(
    _ plan: ImputationPlan, _ filler: HoleFiller, _ session: Session
  ) throws {
    let check = try ImputationCheck(plan, for: filler, reporter: input.reporter(session))
    if check.looksReversed {
      let other = holes.reading.missing == .white ? "black" : "white"
      session.warn(
        "more than half of most images is missing; "
          + "if the masks are reversed, give --missing \(other)"
      )
    }
    try session.result(DryRunReport.json(check), text: DryRunReport.text(check))
  }
}
