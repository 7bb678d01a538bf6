import Tensors
package import Training

/// Labelled images parted again and again: each is judged once in every round by what has learnt the others.
package struct LabelledFolds: Sendable {
  /// One part left out.
  package struct Fold: Sendable {
    /// The round, counted from 0.
    package let round: Int
    /// Which of its parts is left out.
    package let part: Int
    /// The places of the images to learn from.
    package let training: [Int]
    /// The places of the images that judge.
    package let judged: [Int]
  }

  /// Parts of a round.
  package let count: Int
  private let labels: [Int?]
  private let classCount: Int
  private let seed: UInt64

  /// Parts of the labelled images of a data set, in each of them its share of every class.
  package init(_ dataset: ImageDataset, count: Int, seed: UInt64) {
    self.count = count
    self.seed = seed
    labels = dataset.labels
    classCount = dataset.classes.count
  }

  /// The parts of a round; an image that is alone in its class is always learnt from.
  package func round(_ number: Int) -> [Fold] {
    let random = RandomSource(seed: seed, purpose: .validation, index: UInt64(number))
    var parts = [[Int]](repeating: [], count: count)
    var always: [Int] = []
    var next = 0
    for label in 0..<classCount {
      let members = labels.indices.filter { labels[$0] == label }
      guard members.count > 1 else {
        always += members
        continue
      }
      // Classes go on where the one before has ended: parts are of one size.
      for place in random.derived(label).permutation(members.count) {
        parts[next % count].append(members[place])
        next += 1
      }
    }
    return parts.indices.map { part in
      Fold(
        round: number, part: part,
        training: (always + parts.indices.filter { $0 != part }.flatMap { parts[$0] }).sorted(),
        judged: parts[part].sorted())
    }
  }
}
