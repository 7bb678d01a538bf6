import ArgumentParser
import Models
import Training

/// How much training images are moved about.
struct TransformOptions: ParsableArguments {
  @Option(
    help: """
      Learn images moved about anew each time: shifts, rotations, scalings, bends; never mirrored.
      """, value: "strength", takes: .one(of: TransformStrength.allCases),
    otherwise: """
      for models that encode light below 500 images a class, and strong below 100 of 16 pixels or \
      more a side; else none
      """)
  var transforms: TransformStrength?

  /// Hands the choice, or what suits the images, to a training.
  func apply(to run: inout TrainingRun, _ images: ImageDataset) {
    run.options.transforms = transforms ?? .suited(to: images, model: run.model)
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
