import ArgumentParser
import Files
import Images
import Tasks

/// `lacuna merge`.
struct MergeCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Join what shards wrote into what one run would have written, byte for byte.",
    discussion: """
      Parts are the tables of embed --shard, the directories of impute --shard and augment --shard, \
      and the files of evaluate likelihood --shard and evaluate imputation --shard, in any order. A \
      part that is missing, given twice, changed since or of another run (another model, seed, list \
      of images, number of parts or other options) is refused, and nothing is written. Images are \
      hard links to those of the parts where the file system has such, else copies. Reports of \
      evaluate go to standard output, as they do without shards, or to --output.

      Examples:
        lacuna train fixtures/digits --model naive-bayes \\
          --output classes.safetensors
        lacuna impute fixtures/digits-holdout --region center --shard 1/2 \\
          --model classes.safetensors --output half-1
        lacuna impute fixtures/digits-holdout --region center --shard 2/2 \\
          --model classes.safetensors --output half-2
        lacuna merge half-1 half-2 --output both
      """)

  @Argument(help: "What the shards have written.")
  var parts: [String]

  @Option(
    help: ArgumentHelp(
      "The table, directory or report to write.", valueName: "file|directory"))
  var output: String?

  @Option(picture: "Draw what evaluate imputation --plot draws.")
  var plot: String?

  @OptionGroup(title: "Output")
  var files: OverwriteOption

  @OptionGroup(title: "Messages")
  var reporting: ReportingOptions

  func validate() throws {
    if parts.isEmpty { throw ValidationError("name the parts to merge") }
  }

  func run(session: Session) throws {
    let set = try ShardSet(parts.map { try ShardPart($0) })
    if plot != nil, set.record.task != .imputation {
      throw ValidationError("--plot is for parts of evaluate imputation; leave it out")
    }
    switch set.record.task {
    case .embed: try mergeTables(set, session)
    case .impute, .augment: try mergeDirectories(set, session)
    case .likelihood: try reportLikelihood(set, session)
    case .imputation: try reportImputation(set, session)
    }
  }

  /// Where the result is written, where that is not standard output.
  private func target() throws -> String {
    guard let output else { throw ValidationError("--output names what to write") }
    return output
  }

  private func mergeTables(_ set: ShardSet, _ session: Session) throws {
    let merge = try EmbeddingMerge(set)
    let output = try EmbeddingOutput(
      path: try target(), format: merge.format, policy: files.policy, inputs: merge.inputs)
    let summary = try merge.write(into: output)
    try report(
      set, output.path, [("images", summary.images), ("skipped", summary.skipped)], session)
  }

  private func mergeDirectories(_ set: ShardSet, _ session: Session) throws {
    let directory = try OutputDirectory(
      path: try target(), policy: files.policy, inputs: Inputs(parts, endings: ImageFolder.endings))
    let summary = try DirectoryMerge.write(
      set, into: directory, progress: session.progress.images("files"))
    try report(
      set, directory.path,
      [
        ("images", summary.images), ("skipped", summary.skipped), ("links", summary.links),
        ("copies", summary.copies),
      ], session)
  }

  private func reportLikelihood(_ set: ShardSet, _ session: Session) throws {
    let report = try LikelihoodEvaluator.report(set)
    try write(
      EvaluateLikelihoodReport.json(report), EvaluateLikelihoodReport.text(report), set, session)
  }

  private func reportImputation(_ set: ShardSet, _ session: Session) throws {
    let picture = try files.output(
      plot, option: "--plot", inputs: Inputs(parts, endings: []))
    let (model, reports) = try ImputationEvaluator.reports(set)
    if let picture {
      let title = FileSystem.lastComponent(of: set.record.modelPath ?? "")
      try ImageFile.write(ImputationPlot.image(reports, title: title), to: picture)
    }
    try write(
      EvaluateImputationReport.json(
        reports, model: model, samples: reports[0].samples, seed: set.record.seed),
      EvaluateImputationReport.text(reports), set, session)
  }

  /// Writes a report as the command would have that it is of.
  private func write(_ json: JSON, _ text: String, _ set: ShardSet, _ session: Session) throws {
    guard let output else { return try session.result(json, text: text) }
    let place = try Output(
      output, option: "--output", policy: files.policy, inputs: Inputs(parts, endings: []))
    let written = session.writesJSON ? json.formatted : Printable.lines(text)
    try place.write(Array((written + "\n").utf8))
    session.note("\(output): is the report of \(set.parts.count) parts")
  }

  private func report(
    _ set: ShardSet, _ output: String, _ counts: [(name: String, value: Int)], _ session: Session
  ) throws {
    try session.result(
      MergeReport.json(set, output, counts), text: MergeReport.text(set, output, counts))
  }
}
