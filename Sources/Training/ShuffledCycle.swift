package import Tensors

/// Some images over and over, in another order each time: the n-th is a function of n alone.
package struct ShuffledCycle {
  private let images: [Int]
  private let random: (Int) -> RandomSource
  private var present: (pass: Int, order: [Int]) = (-1, [])

  /// These images, in the order of pass n that the n-th source decides.
  package init(_ images: [Int], random: @escaping (Int) -> RandomSource) {
    self.images = images
    self.random = random
  }

  /// Images of a pass.
  package var count: Int { images.count }

  /// The images at these places of the endless row.
  package subscript(range: Range<Int>) -> [Int] {
    mutating get {
      range.map { position in
        let (pass, place) = position.quotientAndRemainder(dividingBy: images.count)
        if pass != present.pass { present = (pass, random(pass).permutation(images.count)) }
        return images[present.order[place]]
      }
    }
  }
}
