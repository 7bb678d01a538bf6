import Images
import Models
import Tensors
import TestSupport
import Training

/// Folders of small made-up pictures.
enum Pictures {
  /// A picture of stripes that differ by class, with noise; samples are 0 and 255.
  static func stripes(_ number: Int, label: Int, width: Int = 6, height: Int = 5) -> Image {
    let noise = RandomSource(seed: 5, purpose: .testing).at(number).uniforms(width * height)
    let pixels = (0..<width * height).map { place -> UInt8 in
      let isLight = (label == 0 ? place / width : place % width) % 2 == 0
      return isLight != (noise[place] < 0.1) ? 255 : 0
    }
    return Image(width: width, height: height, format: .grey, pixels: pixels)
  }

  /// Writes `count` binary pictures into class folders `across` and `down`.
  static func folder(_ count: Int) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for number in 0..<count {
      let image = stripes(number, label: number % 2)
      try folder.write(
        ImageEncoder.encode(image, as: .bilevelPNG),
        to: "\(number % 2 == 0 ? "across" : "down")/\(number).png")
    }
    return folder
  }

  /// A training of a tiny model that takes a moment.
  static func run(output: String, seed: UInt64 = 1) -> TrainingRun {
    var run = TrainingRun(model: "pixelcnn", output: output)
    run.settings = ["layers": "2", "channels": "6", "dropout": "0.1"]
    // One shard a step: as many threads as there are must make no difference.
    run.options.batchSize = 16
    run.options.length = .epochs(3)
    run.options.seed = seed
    run.options.patience = nil
    run.options.averageDecay = 0.9
    return run
  }
}
