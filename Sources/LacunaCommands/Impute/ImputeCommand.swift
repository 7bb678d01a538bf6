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

  @Option(help: ArgumentHelp("The trained model.", valueName: "file.safetensors"))
  var model: String

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

  @OptionGroup(title: "Input")
  var input: StrictOption

  @OptionGroup(title: "Messages")
  var reporting: ReportingOptions

  var computing: ComputingOptions? { machine }

  func validate() throws {
    if output == nil, !dryRun {
      throw ValidationError("--output names the directory to write to; or give --dry-run")
    }
  }

  func run(session: Session) throws {
    let bytes = try FileSystem.readBytes(model)
    let digest = SHA256.hexadecimal(of: bytes)
    let file = try ModelFile(contentsOf: model)
    let imputer = try Imputer(
      file, options: completions.options(precision: machine.elementType(auto: .fastest)))
    let pairing = try MaskPairing(
      ImageFolder(path: images), with: holes.source(), missing: holes.reading.polarity)
    let plan = imputer.plan(pairing)
    for mask in pairing.unusedMasks { session.warn("\(mask): is the mask of no image") }
    guard let output, !dryRun else {
      return try dryRun(plan, file.model.shape, session)
    }
    let directory = try OutputDirectory(
      path: output, policy: files.policy, inputs: Inputs(images, model, holes.path))
    let sheet = try completions.contactSheet.map {
      try directory.companion($0, option: "--contact-sheet")
    }
    if plan.withoutLabel > 0 {
      session.note(
        "\(plan.withoutLabel) of \(plan.items.count) images have no folder named by a class of the "
          + "model, and are filled without a class; --label gives one")
    }
    if completions.format == .jpeg {
      session.warn("--format jpeg: JPEG changes known pixels a little; PNG keeps them")
    }
    if imputer.mostDrawn(plan) <= tileSize {
      // One thread draws a tile; others would only wait for it, and wake up late on a busy machine.
      ThreadPool.threads = 1
    }
    Interruption.catchSignals()
    let summary = try imputer.run(
      plan, into: directory, record: record(digest: digest),
      contactSheet: sheet, reporter: reporter(session))
    try session.result(
      ImputeReport.json(summary, directory), text: ImputeReport.text(summary, directory))
  }

  private func dryRun(
    _ plan: ImputationPlan, _ shape: ImageShape, _ session: Session
  ) throws {
    let check = try ImputationCheck(plan, shape: shape, reporter: reporter(session))
    if check.looksReversed {
      let other = holes.reading.polarity == .white ? "black" : "white"
      session.warn(
        "more than half of most images is missing; "
          + "if the masks are reversed, give --missing \(other)"
      )
    }
    try session.result(DryRunReport.json(check), text: DryRunReport.text(check))
  }

  private func reporter(_ session: Session) -> TaskReporter {
    TaskReporter(
      skip: { problem in
        if input.strict { throw TaskError("\(problem) (--strict)") }
        session.skip(problem)
      }, warn: { session.warn($0) }, progress: session.progress.images())
  }

  private func record(digest: String) -> RunRecord {
    RunRecord(
      command: CommandLine.arguments.dropFirst().filter {
        !["--resume", "--overwrite"].contains($0)
      }, seed: completions.seed, model: model, modelDigest: digest,
      identity: "\(digest) \(images) \(holes.identity)")
  }
}
