import Files
import Models
import Tensors
import Training

/// Images that a model draws to be measured: classes as often as the real images have them, where the model knows classes.
struct ModelSamples {
  let file: ModelFile
  let images: SampleImages
  let options: SampleEvaluator.Options
  let context: Context

  /// Draws so many images.
  ///
  /// - Throws: `Interrupted` after a signal; `EngineError.cannot` where the model cannot sample.
  func drawn(_ count: Int, reporter: TaskReporter) throws -> ImageDataset {
    var wanted = SampleDrawer.Options()
    wanted.temperature = options.temperature
    wanted.wantsScores = false
    let drawer = try SampleDrawer(file.model, wanted, context)
    let asked = labels(count)
    var levels: [UInt8] = []
    levels.reserveCapacity(count * images.shape.dimensionCount)
    for start in stride(from: 0, to: count, by: options.batchSize) {
      let range = start..<min(count, start + options.batchSize)
      let samples = try drawer.draw(
        range.map { place in
          SampleRequest(
            label: asked[place],
            random: RandomSource(seed: options.seed, purpose: .sampling).at(place))
        })
      for sample in samples { levels.append(contentsOf: sample.levels.map { UInt8($0) }) }
      reporter.progress(.init(done: range.upperBound, total: count))
      try context.stopIfAsked(
        "interrupted after \(range.upperBound) of \(count) samples were drawn")
    }
    let known = asked.map { label in
      label.flatMap { images.classes.firstIndex(ofExactly: file.classes[$0]) }
    }
    return ImageDataset(
      drawn: levels, labels: known, classes: images.classes, shape: images.shape)
  }

  /// The class of each sample: that of a real image that chance picks of those that are learnt from, or where these have none the
  /// classes as the model saw them.
  private func labels(_ count: Int) -> [Int?] {
    guard file.model.classCount > 0 else { return [Int?](repeating: nil, count: count) }
    let places = images.classes.map { file.classes.firstIndex(ofExactly: $0) }
    let real = images.teaching.labels.compactMap { label in label.flatMap { places[$0] } }
    let turns =
      !real.isEmpty
      ? real
      : (file.classShares ?? file.classes.map { _ in 1 }).enumerated().flatMap { label, share in
        [Int](repeating: label, count: share)
      }
    guard !turns.isEmpty else { return (0..<count).map { $0 % file.classes.count } }
    let draws = RandomSource(seed: options.seed, purpose: .labelChoice).uniforms(count)
    return draws.map { turns[min(turns.count - 1, Int($0 * Float(turns.count)))] }
  }
}
