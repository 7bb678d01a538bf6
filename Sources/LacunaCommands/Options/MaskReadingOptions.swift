import ArgumentParser
import Images

/// How mask files are read.
struct MaskReadingOptions: ParsableArguments {
  @Option(
    help: "The colour of missing pixels in masks.", value: "colour",
    takes: .one(of: Mask.Polarity.allCases))
  var missing = Mask.Polarity.white

  // The suffix may begin with a dash, as no other value does.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What masks' names have after those of their images, such as '-mask'.", valueName: "suffix"))
  var maskSuffix = ""
}
