import ArgumentParser
import Files
import Images
import Models
import Tasks
import Tensors
import Training

/// `lacuna augment`.
struct AugmentCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "augment",
    abstract: "Draw new labelled images for the classes of a directory.",
    discussion: """
      Writes OUTPUT/CLASS/CLASS-gen-000001.png and so on, exactly as many as asked for \
      (OUTPUT/gen-000001.png where the images have no classes), manifest.csv and run.json. \
      A sample that copies an original, nearer to it than originals of its class commonly are to \
      each other, by pixels or by the features of a model that encodes, is drawn again; the \
      manifest says how often, and names the nearest original. \
      Where nearly all are copies the run ends and keeps what it has.

      Examples:
        lacuna train fixtures/digits --model mixture --levels 17 \\
          --output mixture.safetensors
        lacuna augment fixtures/digits --model mixture.safetensors \\
          --per-class 20 --output more --contact-sheet more.png
        lacuna augment fixtures/digits --model mixture.safetensors \\
          --to 50 --classes 3,8 --originals copy --output threes-and-eights
      """)

  @Argument(help: "The directory of images that the model was trained on.")
  var dataset: String

  @OptionGroup
  var trained: ModelOption

  @Option(help: ArgumentHelp("The directory to write to.", valueName: "directory"))
  var output: String

  @OptionGroup(title: "Labels")
  var table: LabelTableOption

  @OptionGroup(title: "Amount")
  var amount: AmountOptions

  @OptionGroup(title: "Images")
  var drawing: DrawingOptions

  @OptionGroup(title: "Computing")
  var machine: ComputingOptions

  @OptionGroup(title: "Output")
  var files: OutputOptions

  @OptionGroup(title: "Input")
  var input: StrictOption

  @OptionGroup(title: "Messages")
  var reporting: ReportingOptions

  var computing: ComputingOptions? { machine }

  func run(session: Session) throws {
    let model = try trained.recorded()
    let file = model.file
    let augmenter = try Augmenter(
      file, options: drawing.options(amount), context: machine.context(auto: .fastest))
    let shape = file.model.shape
    var loader = DatasetLoader(shape: shape)
    loader.size = (shape.width, shape.height)
    table.apply(to: &loader)
    input.apply(to: &loader, session)
    let images = try loader.load(dataset)
    let reporter = input.reporter(session)
    let plan = try augmenter.plan(images, path: dataset, reporter: reporter)
    if plan.total == 0 { session.note("\(dataset): every class has as many images already") }
    let directory = try OutputDirectory(
      path: output, policy: files.policy, inputs: Inputs(dataset, trained.model, table.labels))
    let sheet = try drawing.contactSheet.map {
      try directory.companion($0, option: "--contact-sheet")
    }
    let summary = try augmenter.run(
      plan, images, path: dataset, into: directory,
      record: RunRecord(model, seed: drawing.seed, reads: dataset),
      contactSheet: sheet, reporter: reporter)
    try session.result(
      AugmentReport.json(summary, directory), text: AugmentReport.text(summary, directory))
  }
}
