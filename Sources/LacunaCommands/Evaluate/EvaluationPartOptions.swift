import ArgumentParser
import Files
import Tasks

/// The part of an evaluation that a shard writes.
struct EvaluationPartOptions: ParsableArguments {
  @OptionGroup
  var sharding: ShardOption

  @Option(
    help: ArgumentHelp(
      "The file that --shard writes: numbers of each image, for 'lacuna merge'.",
      valueName: "file.json"))
  var output: String?

  /// Makes sure that shard and output stand together.
  func check(_ files: OutputOptions) throws {
    if sharding.shard != nil, output == nil {
      throw ValidationError("--shard writes the numbers of each image: --output names the file")
    }
    guard sharding.shard == nil else { return }
    if output != nil {
      throw ValidationError(
        "--output is for --shard; without it the report goes to standard output")
    }
    if files.resume {
      throw ValidationError("--resume goes on with what --shard has written; leave it out")
    }
  }

  /// The block and the file, made sure of before any work; nil where all is to be measured.
  func output(
    _ files: OutputOptions, _ inputs: Inputs
  ) throws -> (shard: Shard, file: EvaluationOutput)? {
    guard let shard = try sharding.chosen(), let output else { return nil }
    return (
      shard, try EvaluationOutput(path: output, policy: files.policy, inputs: inputs)
    )
  }

  /// Says what a shard has done.
  func report(
    _ summary: EvaluationShardSummary, _ shard: Shard, _ output: EvaluationOutput,
    _ session: Session
  ) throws {
    if summary.wasComplete {
      session.note("\(output.path): is complete already; --overwrite makes it anew")
    }
    try session.result(
      .object([
        ("output", .text(output.path)), ("shard", .text("\(shard)")),
        ("images", .integer(summary.images)), ("complete", .boolean(true)),
      ]),
      text: Table.text([
        ["shard", "\(shard)"], ["images", "\(summary.images)"], ["written to", output.path],
      ]))
  }
}
