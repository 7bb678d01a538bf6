import ArgumentParser
import Files

/// What to do where a file that is to be written exists; for commands that cannot be resumed.
struct OverwriteOption: ParsableArguments {
  @Flag(help: "Replace a file that exists.")
  var overwrite = false

  /// The same for a file.
  var policy: Output.Policy { overwrite ? .overwrite : .refuse }

  /// The file that an option names, if it does, made sure of before any work.
  func output(_ path: String?, option: String, inputs: Inputs) throws -> Output? {
    try path.map { try Output($0, option: option, policy: policy, inputs: inputs) }
  }
}
