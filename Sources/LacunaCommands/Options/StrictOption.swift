import ArgumentParser

/// How bad input is taken.
struct StrictOption: ParsableArguments {
  @Flag(help: "End at the first input that cannot be used, instead of skipping it.")
  var strict = false
}
