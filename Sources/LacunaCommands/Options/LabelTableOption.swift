import ArgumentParser
import Training

/// A table that names the classes of images.
struct LabelTableOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      A table, filename,label, whose labels count in place of class folders; images that it does \
      not name have no label.
      """, valueName: "file.csv"))
  var labels: String?

  /// Hands the table to a loader.
  func apply(to loader: inout DatasetLoader) { loader.labels.file = labels }
}
