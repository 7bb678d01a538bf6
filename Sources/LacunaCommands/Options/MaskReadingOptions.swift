import ArgumentParser
import Images

/// How mask files are read.
struct MaskReadingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The colour of missing pixels in masks.", valueName: "white|black"))
  var missing = "white"

  // The suffix may begin with a dash, as no other value does.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What masks' names have after those of their images, such as '-mask'.", valueName: "suffix"))
  var maskSuffix = ""

  func validate() throws {
    if Mask.Polarity(rawValue: missing) == nil {
      throw ValidationError("--missing takes white or black, not '\(missing)'")
    }
  }

  /// Which side of grey is missing.
  var polarity: Mask.Polarity { Mask.Polarity(rawValue: missing) ?? .white }
}
