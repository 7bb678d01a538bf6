import ArgumentParser
import Training

/// How a training makes two levels of many.
struct BinarizeOption: ParsableArguments {
  @Option(
    help: """
      Two levels of many: white from the middle shade on, or with a probability of the shade, drawn anew each \
      time that an image is learnt.
      """, value: "how", takes: .one(of: Binarization.allCases), otherwise: "as --levels says")
  var binarize: Binarization?

  /// Makes sure that no other number of levels is asked for.
  func check(against shape: ImageShapeOptions) throws {
    if let levels = shape.levels, levels != 2, binarize != nil {
      throw ValidationError("--binarize makes 2 levels, not the \(levels) of --levels")
    }
  }

  /// Hands the choice to a loader, and the seed of pixels that are drawn once.
  func apply(to loader: inout DatasetLoader, seed: UInt64) {
    loader.binarization = binarize
    loader.drawingSeed = seed
  }
}
