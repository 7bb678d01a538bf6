import ArgumentParser
import Files
import Tasks
import Training

/// Augmentation by what `recommend` has found.
struct RecipeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Do what 'lacuna recommend' has found to help; it decides amounts, ways and models.",
      valueName: "file.json"))
  var recipe: String?

  @Flag(
    help: "With a recipe of nothing: write what gains nothing (no new image) instead of failing.")
  var anyway = false

  func validate() throws {
    if anyway, recipe == nil { throw ValidationError("--anyway is for a --recipe of nothing") }
  }

  /// The recipe, where there is one.
  ///
  /// - Throws: `TaskError` where it says that nothing helps, unless that is no matter.
  func read() throws -> AugmentationRecipe? {
    guard let path = recipe else { return nil }
    let read = try AugmentationRecipe(contentsOf: path)
    guard read.helps || anyway else {
      throw TaskError(
        "\(path): \(read.verdict); --anyway writes an output without new images, other options of augment make "
          + "images all the same")
    }
    return read
  }

  /// A model that lies beside the recipe.
  ///
  /// - Throws: `TaskError` where it is not the one that was made with it.
  func model(_ model: AugmentationRecipe.Model?) throws -> RecordedModel? {
    guard let model, let recipe else { return nil }
    let path = FileSystem.join(FileSystem.directory(of: recipe), model.file)
    let recorded = try RecordedModel(contentsOf: path)
    guard recorded.digest == model.digest else {
      throw TaskError("\(path): is not the model that \(recipe) was found with; recommend anew")
    }
    return recorded
  }
}
