import ArgumentParser
import Tasks
import Training

/// How bad input is taken.
struct StrictOption: ParsableArguments {
  @Flag(help: "End at the first input that cannot be used, instead of skipping it.")
  var strict = false

  /// Has a loader end at bad input, or report it to the session and go on.
  func apply(to loader: inout DatasetLoader, _ session: Session) {
    loader.isStrict = strict
    loader.warn = { session.skip($0) }
    loader.remark = { session.warn($0) }
  }

  /// The same for a task, which tells the session how far it is, too.
  func reporter(_ session: Session) -> TaskReporter {
    TaskReporter(
      skip: { problem in
        if strict { throw TaskError("\(problem) (--strict)") }
        session.skip(problem)
      }, warn: { session.warn($0) }, progress: session.progress.images())
  }
}
