package import Models
package import Tensors

/// How far a model's samples are from images, for models without a likelihood: the energy distance
/// 2 E|x - y| - E|x - x'| - E|y - y'| with the root mean square of the differences of pixels, 0...1, as |.| (Székely and
/// Rizzo 2013, Energy Statistics, section 2); 0 where both have one distribution.
///
/// The same random numbers every time, so that two models differ by their samples alone. It sees that classes are missing or
/// that pictures are noise; it does not see sharpness.
package struct SampleDistance: Sendable {
  /// Images, and samples, at most.
  static let mostImages = 512

  private let model: any Sampling
  private let precision: ElementType
  private let labels: [Int?]
  private let images: Tensor
  private let among: Double

  /// The distance of this model to some of these images, evenly spread.
  package init(_ model: any Sampling, _ images: ImageDataset, precision: ElementType) {
    self.model = model
    self.precision = precision
    let count = min(images.count, Self.mostImages)
    // Evenly spread, so that every class has its share.
    let chosen = (0..<count).map { $0 * images.count / count }
    let batch = images.batch(chosen)
    labels = batch.labels
    self.images = Self.rows(batch.levels, levels: images.shape.levels)
    among = Self.mean(self.images, self.images, isSame: true)
  }

  /// What fresh samples say of a model.
  package struct Judgement: Sendable {
    /// The energy distance of samples to images.
    package let distance: Double
    /// How much samples differ from each other, as a share of how much images do: 0 where all are one, 1 where they differ as images do.
    package let spread: Double
  }

  /// The distance of fresh samples, as many as there are images and of the same classes, and their spread.
  package func judgement() -> Judgement {
    let random = RandomSource(seed: 0, purpose: .validation)
    let samples = model.samples(
      labels.enumerated().map { SampleRequest(label: $1, random: random.at($0)) }, temperature: 1,
      Pass(precision))
    let drawn = Self.rows(
      ImageBatch(samples.map(\.levels), shape: model.shape).levels, levels: model.shape.levels)
    let amongDrawn = Self.mean(drawn, drawn, isSame: true)
    return Judgement(
      distance: 2 * Self.mean(drawn, images, isSame: false) - among - amongDrawn,
      spread: among > 0 ? amongDrawn / among : 1)
  }

  /// A row an image, values 0...1.
  private static func rows(_ levels: Tensor, levels count: Int) -> Tensor {
    levels.reshaped(to: [levels.shape[0], levels.count / levels.shape[0]]) / Float(count - 1)
  }

  /// The mean distance between rows; where both are the same, of rows that differ.
  ///
  /// Blocks of rows are computed each on one thread: the sums do not depend on the number of threads.
  private static func mean(_ left: Tensor, _ right: Tensor, isSame: Bool) -> Double {
    let (rows, columns, width) = (left.shape[0], right.shape[0], Double(left.shape[1]))
    let second = right.squared().sum(axis: 1).values
    let sums = ThreadPool.map(Tiles.count(rows)) { block -> Double in
      let range = Tiles.range(block, of: rows)
      let part = left.sliced(range, axis: 0)
      let products = part.multiplied(by: right, transposingOther: true).values
      let first = part.squared().sum(axis: 1).values
      var sum = 0.0
      for (place, row) in range.enumerated() {
        for column in 0..<columns where !isSame || row != column {
          let square = first[place] + second[column] - 2 * products[place * columns + column]
          sum += (Double(max(0, square)) / width).squareRoot()
        }
      }
      return sum
    }
    let pairs = isSame ? rows * (rows - 1) : rows * columns
    return pairs > 0 ? sums.reduce(0, +) / Double(pairs) : 0
  }
}
