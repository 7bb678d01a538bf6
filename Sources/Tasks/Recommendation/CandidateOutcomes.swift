/// Which of the judged images the classifiers of a candidate told rightly, part by part.
struct CandidateOutcomes: Sendable {
  /// A part of a round.
  struct Cell: Hashable, Sendable {
    let round: Int
    let part: Int
  }

  /// For each judged image of a part, in its order, whether it was told rightly.
  private(set) var right: [Cell: [Bool]] = [:]

  /// Takes in what was measured.
  mutating func take(_ cell: Cell, _ right: [Bool]) { self.right[cell] = right }

  /// The share told rightly.
  var accuracy: Double {
    let all = right.values.reduce(0) { $0 + $1.count }
    let told = right.values.reduce(0) { $0 + $1.count { $0 } }
    return all == 0 ? 0 : Double(told) / Double(all)
  }

  /// By how much more often each image was told rightly than by a baseline, over the parts that both have; by image.
  func gains(
    over baseline: CandidateOutcomes, judged: (Cell) -> [Int]
  ) -> [Int: Double] {
    var sums: [Int: (gain: Int, count: Int)] = [:]
    for (cell, own) in right {
      guard let other = baseline.right[cell] else { continue }
      for (place, image) in judged(cell).enumerated() {
        sums[image, default: (0, 0)].gain += (own[place] ? 1 : 0) - (other[place] ? 1 : 0)
        sums[image, default: (0, 0)].count += 1
      }
    }
    return sums.mapValues { Double($0.gain) / Double($0.count) }
  }

  /// The gain of each part that both have, in the order of rounds and parts.
  func cellGains(over baseline: CandidateOutcomes) -> [Double] {
    right.keys.sorted { ($0.round, $0.part) < ($1.round, $1.part) }.compactMap { cell in
      guard let own = right[cell], let other = baseline.right[cell], !own.isEmpty else {
        return nil
      }
      let gain = own.count { $0 } - other.count { $0 }
      return Double(gain) / Double(own.count)
    }
  }
}
