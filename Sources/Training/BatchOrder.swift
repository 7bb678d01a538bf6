package import Models
import Tensors

/// Which images each step of a training learns from, a function of (seed, step) alone.
///
/// Commonly a pass over the images is a shuffle of them. A model that learns from few labels sees
/// too little of these so: where labelled images are rarer than its share of them, every batch takes
/// that share from the labelled images, over and over in new shuffles, and the rest from the
/// others, and a pass is one over the others. A batch of one image has no room for both. Its labelled images take
/// turns by class, also where all are labelled and some classes are rarer: a classifier that has hardly seen a class is
/// sure of the others.
package struct BatchOrder {
  /// Steps of a pass over the images.
  package let stepsPerPass: Int
  private let batchSize: Int
  private let labelledCount: Int
  private var labelled: EvenCycle
  private var others: ShuffledCycle
  /// Whether a pass ends with a batch of the images that are left, fewer than the others.
  private let endsWithPass: Bool

  /// The batches of a training of this model on these images.
  ///
  /// - Parameter fillsBatches: whether the last batch of a pass takes images of the next one rather
  ///   than be smaller; a batch that mixes labelled images with others always does.
  package init(
    _ images: ImageDataset, for model: any GenerativeModel, batchSize: Int, seed: UInt64,
    fillsBatches: Bool = false
  ) {
    self.init(
      images, labelledShare: (model as? any SemiSupervised)?.labelledShare ?? 0,
      batchSize: batchSize, seed: seed, fillsBatches: fillsBatches)
  }

  /// Whether a training of this model on these images sees every class as often as the others, whatever their sizes.
  package static func drawsClassesEvenly(
    _ images: ImageDataset, for model: any GenerativeModel, batchSize: Int
  ) -> Bool {
    guard let share = (model as? any SemiSupervised)?.labelledShare else { return false }
    return mixes(images, share, batchSize) || isUneven(images)
  }

  private static func mixes(_ images: ImageDataset, _ share: Double, _ batchSize: Int) -> Bool {
    Double(images.labelledCount) < share * Double(images.count) && images.labelledCount > 0
      && batchSize > 1
  }

  /// Whether all images have labels, and some classes more than others.
  private static func isUneven(_ images: ImageDataset) -> Bool {
    let counts = images.classCounts.filter { $0 > 0 }
    return images.labelledCount == images.count && Set(counts).count > 1
  }

  /// The batches of a training on these images, of which labelled ones make up at least a share.
  package init(
    _ images: ImageDataset, labelledShare share: Double, batchSize: Int, seed: UInt64,
    fillsBatches: Bool = false
  ) {
    let mixes = Self.mixes(images, share, batchSize)
    let isEven = mixes || (share > 0 && Self.isUneven(images))
    let random = RandomSource(seed: seed, purpose: .shuffling)
    self.batchSize = batchSize
    labelledCount =
      mixes
      ? min(batchSize - 1, max(1, Int((Double(batchSize) * share).rounded())))
      : isEven ? batchSize : 0
    labelled = EvenCycle(
      images.classes.indices.map { label in
        isEven ? images.labels.indices.filter { images.labels[$0] == label } : []
      },
      // Passes over the others are numbered from 0 up, these from -1 down.
      random: { random.at(-1 - $0) })
    others = ShuffledCycle(
      images.labels.indices.filter { !isEven || images.labels[$0] == nil },
      random: { random.at($0) })
    endsWithPass = !isEven && !fillsBatches
    let rest = batchSize - labelledCount
    stepsPerPass =
      rest > 0
      ? max(1, (others.count + rest - 1) / rest) : (labelled.count + batchSize - 1) / batchSize
  }

  /// The images of a step, counted from 0; labelled ones are spread evenly over the batch, so that
  /// every shard has its share.
  package mutating func batch(_ step: Int) -> [Int] {
    let rest = batchSize - labelledCount
    guard !endsWithPass else {
      let (pass, place) = step.quotientAndRemainder(dividingBy: stepsPerPass)
      let start = pass * others.count
      return others[start + place * rest..<start + min(others.count, (place + 1) * rest)]
    }
    var known = labelled[step * labelledCount..<(step + 1) * labelledCount].makeIterator()
    var unknown = others[step * rest..<(step + 1) * rest].makeIterator()
    return (0..<batchSize).compactMap { place in
      let isKnown = (place + 1) * labelledCount / batchSize > place * labelledCount / batchSize
      return isKnown ? known.next() : unknown.next()
    }
  }
}
