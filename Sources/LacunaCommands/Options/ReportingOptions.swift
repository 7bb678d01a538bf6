import ArgumentParser
import Files

/// How a command reports.
struct ReportingOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Show no progress and no remarks, only warnings and errors.")
  var quiet = false

  @Flag(help: "Write results as JSON.")
  var json = false
}
