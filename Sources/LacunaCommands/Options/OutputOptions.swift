import ArgumentParser
import Files
import Tasks

/// What to do where there is an output already.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Replace an output that exists.")
  var overwrite = false

  @Flag(help: "Keep what an interrupted run has done, and go on.")
  var resume = false

  func validate() throws {
    if overwrite, resume {
      throw ValidationError("--overwrite and --resume contradict each other; give one of them")
    }
  }

  /// The same for a directory.
  var policy: Output.Policy { overwrite ? .overwrite : resume ? .resume : .refuse }
}
