import ArgumentParser
import Files
import Images
import Models
import Tasks
import Tensors
import Training

/// `lacuna embed`.
struct EmbedCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Turn images into features that any classifier reads, a row an image.",
    discussion: """
      Writes filename, label (where there are class folders) and embedding_0, embedding_1, ..., in \
      the byte order of the paths; floats read back to the same float32. The encoder is not shown \
      the labels. Features are computed in float32 unless --precision says otherwise. With --format \
      npy the numbers are a NumPy matrix, and NAME.filenames.csv beside NAME.npy holds the texts.

      Examples:
        lacuna train fixtures/digits --model autoencoder --epochs 2 \\
          --output encoder.safetensors
        lacuna embed fixtures/digits --model encoder.safetensors \\
          --output digits.csv
        lacuna embed fixtures/digits --model encoder.safetensors \\
          --output digits.npy
      """)

  @Argument(help: "The directory of images, or one image.")
  var images: String

  @Option(help: ArgumentHelp("The trained model.", valueName: "file.safetensors"))
  var model: String

  @Option(help: ArgumentHelp("The table to write.", valueName: "file.csv"))
  var output: String

  @OptionGroup(title: "Columns")
  var columns: EmbeddingColumnOptions

  @Flag(help: "Resample images of another size to the model's.")
  var resize = false

  @Option(help: ArgumentHelp("Images in memory at once.", valueName: "count"))
  var batch = 1024

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
    guard (1...65536).contains(batch) else {
      throw ValidationError("--batch takes a number in 1...65536, not \(batch)")
    }
  }

  func run(session: Session) throws {
    let bytes = try FileSystem.readBytes(model)
    let file = try ModelFile(contentsOf: model)
    let options = options
    let embedder = try Embedder(file.model, classes: file.classes, options: options)
    let folder = try ImageFolder(path: images)
    let place = try EmbeddingOutput(
      path: output, format: options.format, policy: files.policy, inputs: Inputs(images, model))
    if place.isComplete {
      try embedder.confirm(folder, place)
      session.note("\(output): is complete already; --overwrite makes it anew")
      return try session.result(
        .object([("output", .text(output)), ("complete", .boolean(true))]),
        text: Table.text([["written to", output]]))
    }
    Interruption.catchSignals()
    let summary = try embedder.run(
      folder, into: place, identity: SHA256.hexadecimal(of: bytes), reporter: reporter(session))
    try session.result(EmbedReport.json(summary, place), text: EmbedReport.text(summary, place))
  }

  private var options: EmbeddingOptions {
    var options = columns.options(for: output)
    options.resizes = resize
    options.precision = machine.elementType(auto: .float32)
    options.batchSize = batch
    return options
  }

  private func reporter(_ session: Session) -> TaskReporter {
    TaskReporter(
      skip: { problem in
        if input.strict { throw TaskError("\(problem) (--strict)") }
        session.skip(problem)
      }, warn: { session.warn($0) }, progress: session.progress.images())
  }
}
