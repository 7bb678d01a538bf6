import ArgumentParser
import Training

/// Images without labels from elsewhere.
struct UnlabelledOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "More images, all without a label, as if they lay in the folder _unlabelled of the data set.",
      valueName: "directory"))
  var unlabelled: String?

  /// Has a loader read them too.
  func apply(to loader: inout DatasetLoader) { loader.unlabelled = unlabelled }
}
