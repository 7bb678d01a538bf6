import ArgumentParser
import Files
import Images
import Tasks
import Training

/// The model, the class and the picture of commands that look into a latent space.
struct LatentPictureOptions: ParsableArguments {
  @OptionGroup
  var trained: ModelOption

  @Option(help: ArgumentHelp("The picture to write.", valueName: "file.png"))
  var output: String

  @Option(name: .customLong("class"), help: "The class, for models that know classes.")
  var className: String?

  @OptionGroup
  var files: OverwriteOption

  /// Finds what is wrong before anything is computed; returns where the picture may be written.
  func place(inputs: [String]) throws -> Output {
    try Output(
      output, option: "--output", policy: files.policy,
      inputs: Inputs(inputs + [trained.model], endings: ImageFolder.endings))
  }

  /// The class's place among those of the model; nil where none is named.
  func label(in classes: [String]) throws -> Int? {
    guard let className else { return nil }
    guard let index = classes.firstIndex(ofExactly: className) else {
      let known = classes.isEmpty ? "no classes" : classes.joined(separator: ", ")
      throw TaskError(
        "\(trained.model): has no class '\(className)'; it has \(known)"
          + ExactText.hint(className, among: classes))
    }
    return index
  }

  /// Writes rows of pictures.
  func write(_ rows: [[Image]], rowTitles: [String], to place: Output) throws {
    var sheet = ContactSheet(rows: rows.map { $0.map { ContactSheet.Cell($0) } })
    sheet.rowTitles = rowTitles
    try ImageFile.write(sheet.rendered(), to: place)
  }
}
