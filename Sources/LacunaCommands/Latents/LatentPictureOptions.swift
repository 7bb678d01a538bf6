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

  @Flag(help: "Replace a picture that exists.")
  var overwrite = false

  /// Finds what is wrong before anything is computed.
  func check(inputs: [String]) throws {
    if FileSystem.exists(output), !overwrite {
      throw TaskError("\(output): exists; --overwrite replaces it")
    }
    if inputs.contains(output) {
      throw TaskError("\(output): is one of the inputs; write elsewhere")
    }
  }

  /// The class's place among those of the model; nil where none is named.
  func label(in classes: [String]) throws -> Int? {
    guard let className else { return nil }
    guard let index = classes.firstIndex(of: className) else {
      let known = classes.isEmpty ? "no classes" : classes.joined(separator: ", ")
      throw TaskError("\(trained.model): has no class '\(className)'; it has \(known)")
    }
    return index
  }

  /// Writes rows of pictures.
  func write(_ rows: [[Image]], rowTitles: [String]) throws {
    var sheet = ContactSheet(rows: rows.map { $0.map { ContactSheet.Cell($0) } })
    sheet.rowTitles = rowTitles
    try ImageFile.write(sheet.rendered(), to: output)
  }
}
