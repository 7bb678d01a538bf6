/// The best few of many places, by score and, where scores are equal, by which came first.
struct Candidates<Score: BinaryFloatingPoint & Sendable>: Sendable {
  private let capacity: Int
  private(set) var scores: [Score] = []
  private(set) var places: [Int] = []

  init(capacity: Int) { self.capacity = capacity }

  /// The score that another one must be below; infinite while there is room.
  var limit: Score { scores.count < capacity ? .infinity : scores[capacity - 1] }

  /// Whether any place was turned away, or put out by a better one.
  var isFull: Bool { scores.count == capacity }

  /// Takes a place, which comes after all those taken before, if it is among the best.
  @inline(__always)
  mutating func offer(_ place: Int, _ score: Score) {
    if score < limit { insert(place, score) }
  }

  /// Takes those of later places.
  mutating func merge(_ others: Candidates) {
    for (place, score) in zip(others.places, others.scores) { offer(place, score) }
  }

  private mutating func insert(_ place: Int, _ score: Score) {
    if isFull {
      scores.removeLast()
      places.removeLast()
    }
    var position = scores.count
    while position > 0, scores[position - 1] > score { position -= 1 }
    scores.insert(score, at: position)
    places.insert(place, at: position)
  }
}
