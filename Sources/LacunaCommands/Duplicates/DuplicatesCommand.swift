import ArgumentParser
import Files
import Images
import Tasks
import Tensors
import Training

/// `lacuna duplicates`.
struct DuplicatesCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "duplicates",
    abstract: "Find images that are there more than once, and labels that contradict each other.",
    discussion: """
      Images are the same where their size and 8-bit samples are, whatever the kind of file. With \
      --model, near duplicates are found too, by features of a model that encodes ('contrastive' \
      suits best): two images are near where their distance is at most a share of the distance of \
      either to its tenth nearest image. Images of another size are resampled for that. Groups are \
      chains of pairs. The table has a row an image: group, file, label, distance (to the nearest \
      image of its group, 0 for the same) and kind (exact or near). Groups of several labels are \
      pointed out.

      Examples:
        lacuna duplicates fixtures/digits
        lacuna train fixtures/digits --model contrastive --epochs 2 \\
          --output features.safetensors
        lacuna duplicates fixtures/digits --model features.safetensors \\
          --output duplicates.csv
      """)

  @Argument(help: "The directory of images.")
  var images: String

  @Option(
    help: ArgumentHelp(
      "The trained model whose features tell near duplicates.", valueName: "file.safetensors"))
  var model: String?

  @Option(
    help: "The share of the distance to the tenth nearest image within which images are near.",
    value: "share", takes: .share, otherwise: "\(DuplicateFinder.usualShare)")
  var threshold: Double?

  @OptionGroup
  var table: LabelTableOption

  @Option(
    help: ArgumentHelp(
      "The table to write; without it groups are listed.", valueName: "file.csv"))
  var output: String?

  @OptionGroup(title: "Computing")
  var machine: ComputingOptions

  @OptionGroup(title: "Output")
  var files: OverwriteOption

  @OptionGroup(title: "Input")
  var input: StrictOption

  @OptionGroup(title: "Messages")
  var reporting: ReportingOptions

  var computing: ComputingOptions? { machine }

  func validate() throws {
    if threshold != nil, model == nil {
      throw ValidationError("--threshold needs --model, whose features tell what is near")
    }
  }

  func run(session: Session) throws {
    let finder = try DuplicateFinder(
      model.map { try ModelFile(contentsOf: $0).model },
      share: threshold ?? DuplicateFinder.usualShare, context: machine.context(auto: .float32))
    var folder = try ImageFolder(path: images)
    if let labels = table.labels { folder = try folder.labelled(by: LabelFile(path: labels)) }
    let place = try files.output(
      output, option: "--output", inputs: Inputs(images, model, table.labels))
    let report = try finder.run(folder, reporter: input.reporter(session))
    try place?.write(report.table)
    for warning in DuplicatesReport.warnings(report) { session.warn(warning) }
    try session.result(
      DuplicatesReport.json(report, output), text: DuplicatesReport.text(report, output))
  }
}
