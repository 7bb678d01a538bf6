package import Tensors

/// Images of several classes over and over, the classes in turn and each one's images in new shuffles, so that a rare class is
/// seen as often as a common one: the n-th is a function of n alone.
package struct EvenCycle {
  private var classes: [ShuffledCycle]
  private let random: (Int) -> RandomSource
  private var present: (round: Int, order: [Int]) = (-1, [])

  /// Images of all classes.
  package let count: Int

  /// The images of each class; a class without any is left out.
  ///
  /// - Parameter random: sources of shuffles, told apart by numbers from 0 up.
  package init(_ classes: [[Int]], random: @escaping (Int) -> RandomSource) {
    let classes = classes.filter { !$0.isEmpty }
    let streams = classes.count + 1
    self.classes = classes.enumerated().map { index, images in
      ShuffledCycle(images) { random($0 * streams + index) }
    }
    self.random = { random($0 * streams + streams - 1) }
    count = classes.reduce(0) { $0 + $1.count }
  }

  /// The images at these places of the endless row.
  package subscript(range: Range<Int>) -> [Int] {
    mutating get {
      range.map { position in
        let (round, place) = position.quotientAndRemainder(dividingBy: classes.count)
        if round != present.round { present = (round, random(round).permutation(classes.count)) }
        return classes[present.order[place]][round..<round + 1][0]
      }
    }
  }
}
