import ArgumentParser
import Training

/// How bad input is taken.
struct StrictOption: ParsableArguments {
  @Flag(help: "End at the first input that cannot be used, instead of skipping it.")
  var strict = false

  /// Has a loader end at bad input, or report it to the session and go on.
  func apply(to loader: inout DatasetLoader, _ session: Session) {
    loader.isStrict = strict
    loader.warn = { session.skip($0) }
  }
}
