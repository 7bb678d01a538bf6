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
      Where nearly all are copies the run ends and keeps what it has. \
      --transformed writes copies of originals under ordinary transforms too \
      (CLASS-moved-000001.png), --pseudo-label images without a label whose class a model is sure of \
      (CLASS-found-000001.png); the manifest's last column says how an image came about. \
      With --shard a block of the new images is made, each judged against all originals, and shard.json \
      says which; 'lacuna merge' joins such directories.

      Examples:
        lacuna train fixtures/digits --model mixture --levels 17 \\
          --output mixture.safetensors
        lacuna augment fixtures/digits --model mixture.safetensors \\
          --per-class 20 --output more --contact-sheet more.png
        lacuna augment fixtures/digits --model mixture.safetensors \\
          --to 50 --classes 3,8 --originals copy --output threes-and-eights
        lacuna augment fixtures/digits --transformed 4 \\
          --transforms shift,rotation --output moved
        lacuna augment fixtures/digits --model mixture.safetensors \\
          --redraw 0.25 --per-class 10 --output redrawn
      """)

  @Argument(help: "The directory of images that the model was trained on.")
  var dataset: String

  @Option(
    help: ArgumentHelp("The trained model that draws.", valueName: "file.safetensors"))
  var model: String?

  @Option(help: ArgumentHelp("The directory to write to.", valueName: "directory"))
  var output: String

  @OptionGroup(title: "Labels")
  var table: LabelTableOption

  @OptionGroup(title: "Recipe")
  var found: RecipeOptions

  @OptionGroup(title: "Amount")
  var amount: AmountOptions

  @OptionGroup(title: "Images")
  var drawing: DrawingOptions

  @OptionGroup(title: "Other ways")
  var ways: WayOptions

  @OptionGroup(title: "Other ways")
  var others: UnlabelledOption

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

  func validate() throws {
    try sharding.refuse(
      [("--contact-sheet", drawing.contactSheet != nil)], because: "shows images of all")
    if let recipe = found.recipe {
      guard model == nil, amount.amount == nil, amount.classes == nil, !ways.isGiven else {
        throw ValidationError(
          "--recipe \(recipe) decides model, classes, amount and ways; leave the options for these out"
        )
      }
      return
    }
    if model != nil, amount.amount == nil, !ways.isWay {
      throw ValidationError(
        "--per-class N, --per-original N, --to N, --balance or --total N says how many images to draw"
      )
    }
    if model == nil {
      guard ways.isWay, amount.amount == nil else {
        throw ValidationError(
          "--model FILE draws the images; without it --transformed N writes copies of originals")
      }
      if ways.pseudoLabel != nil, ways.labeller == nil {
        throw ValidationError("--pseudo-label needs a model that tells classes: --labeller FILE")
      }
    }
    if ways.redraw != nil, drawing.around != nil || drawing.between || drawing.labelCheck != nil {
      throw ValidationError("--redraw goes with neither --around, --between nor --label-check")
    }
  }

  func run(session: Session) throws {
    let shard = try sharding.chosen()
    let recipe = try found.read()
    let drawer = try recorded(model) ?? found.model(recipe?.drawing)
    let labeller = try recorded(ways.labeller) ?? found.model(recipe?.labelling)
    let options = recipe.map { drawing.options($0) } ?? drawing.options(amount, ways)
    // What was measured was drawn in float32.
    let context = machine.context(auto: recipe == nil ? .fastest : .float32)
    let augmenter = try Augmenter(
      Augmenter.Files(drawing: drawer?.file, labelling: labeller?.file), options: options,
      context: context)
    var loader = DatasetLoader()
    if let shape = (drawer ?? labeller)?.file.model.shape ?? recipe?.shape {
      loader = DatasetLoader(shape: shape)
      loader.size = (shape.width, shape.height)
    }
    let more = others.unlabelled ?? recipe?.unlabelled
    loader.unlabelled = more
    table.apply(to: &loader)
    input.apply(to: &loader, session)
    let images = try loader.load(dataset)
    try recipe?.check(images, path: dataset)
    let reporter = input.reporter(session)
    let plan = try augmenter.plan(images, path: dataset, reporter: reporter)
    if plan.total == 0, amount.amount != nil {
      session.note("\(dataset): every class has as many images already")
    }
    let directory = try OutputDirectory(
      path: output, policy: files.policy,
      inputs: Inputs(dataset, model, ways.labeller, more, table.labels, found.recipe))
    let sheet = try drawing.contactSheet.map {
      try directory.companion($0, option: "--contact-sheet")
    }
    let summary = try augmenter.run(
      plan, images, path: dataset, into: directory,
      record: RunRecord(
        [drawer, labeller].compactMap { $0 }, seed: options.seed, reads: dataset),
      contactSheet: sheet, shard: shard, reporter: reporter)
    try session.result(
      AugmentReport.json(summary, directory), text: AugmentReport.text(summary, directory))
  }

  private func recorded(_ path: String?) throws -> RecordedModel? {
    try path.map { try RecordedModel(contentsOf: $0) }
  }
}
