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

      Columns that depend on all images come last: --neighbors names the nearest others, exactly, \
      of equally far ones the first by path; --projection gives each image a place in the plane, by \
      t-SNE of at most 3000 images, others being placed among the nearest of these. --map draws \
      it. With --format npy these columns are in NAME.filenames.csv.

      With --shard the table holds the rows of a block of the images, and NAME.shard.json beside it \
      says which; 'lacuna merge' joins such tables.

      Examples:
        lacuna train fixtures/digits --model autoencoder --epochs 2 \\
          --output encoder.safetensors
        lacuna embed fixtures/digits --model encoder.safetensors \\
          --output digits.csv
        lacuna embed fixtures/digits --model encoder.safetensors \\
          --output digits.npy
        lacuna embed fixtures/digits --model encoder.safetensors \\
          --output near.csv --neighbors 3 --projection --map digits.png
      """)

  @Argument(help: "The directory of images, or one image.")
  var images: String

  @OptionGroup
  var trained: ModelOption

  @Option(help: ArgumentHelp("The table to write.", valueName: "file.csv"))
  var output: String

  @OptionGroup(title: "Columns")
  var columns: EmbeddingColumnOptions

  @Option(
    picture: """
      A map to draw: a point an image, coloured by its class, near ones where features are alike \
      (t-SNE).
      """)
  var map: String?

  @Flag(help: "Resample images of another size to the model's.")
  var resize = false

  @Option(batch: "Images in memory at once.")
  var batch = EmbeddingOptions().batchSize

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
      [
        ("--neighbors", columns.neighbours != nil), ("--projection", columns.projection),
        ("--map", map != nil),
      ], because: "depends on all images")
  }

  func run(session: Session) throws {
    let shard = try sharding.chosen()
    let model = try trained.recorded()
    let options = options
    let embedder = try Embedder(
      model.file.model, classes: model.file.classes, options: options,
      context: machine.context(auto: .float32))
    let folder = try ImageFolder(path: images)
    let place = try EmbeddingOutput(
      path: output, format: options.format, policy: files.policy,
      inputs: Inputs(images, trained.model), isShard: shard != nil)
    let run = shard.map { ShardRun($0, RunRecord(model, seed: columns.seed, reads: images)) }
    let picture = try map.map {
      try place.companion($0, option: "--map", inputs: Inputs(images, trained.model))
    }
    if place.isComplete {
      try embedder.confirm(folder, place, map: picture, shard: run)
      session.note("\(output): is complete already; --overwrite makes it anew")
      return try session.result(
        .object([("output", .text(output)), ("complete", .boolean(true))]),
        text: Table.text([["written to", output]]))
    }
    let summary = try embedder.run(
      folder, into: place, identity: model.digest, map: picture, shard: run,
      reporter: input.reporter(session))
    try session.result(
      EmbedReport.json(summary, place, map), text: EmbedReport.text(summary, place, map))
  }

  private var options: EmbeddingOptions {
    var options = columns.options(for: output)
    options.resizes = resize
    options.batchSize = batch
    return options
  }
}
