import ArgumentParser
import Models
import Training

/// How much training images are moved about.
struct TransformOptions: ParsableArguments {
  /// A strength by its name on the command line.
  enum Strength: String, ExpressibleByArgument, CaseIterable {
    case none, light, strong
  }

  @Option(
    help: ArgumentHelp(
      """
      Learn images moved about anew each time (shifts, rotations, scalings, bends; never \
      mirrored): none, light or strong (default: for models that encode light below 500 images a \
      class, and strong below 100 of 16 pixels or more a side; else none).
      """, valueName: "strength"))
  var transforms: Strength?

  /// Hands the choice, or what suits the images, to a training.
  func apply(to run: inout TrainingRun, _ images: ImageDataset) {
    run.options.transforms =
      transforms.flatMap { TransformStrength(rawValue: $0.rawValue) }
      ?? .suited(to: images, model: run.model)
  }

  /// What a training says of its choice; nil where images are learned as they are without being asked.
  func description(_ run: TrainingRun, _ images: ImageDataset) -> String? {
    let strength = run.options.transforms
    guard transforms == nil else { return "transforms: \(strength.rawValue)" }
    guard strength != .none else { return nil }
    let share = images.count / max(1, images.classes.count)
    return "transforms: \(strength.rawValue), as there are \(share) images a class "
      + "(--transforms none learns them as they are)"
  }
}
