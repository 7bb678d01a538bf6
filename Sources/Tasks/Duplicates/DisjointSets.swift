/// Numbers that are joined step by step into sets (Galler and Fischer 1964, An improved equivalence algorithm).
struct DisjointSets {
  private var parents: [Int]

  /// Each of these numbers alone: `0 ..< count`.
  init(count: Int) { parents = Array(0..<count) }

  /// Makes one set of two numbers' sets; the least number stands for it.
  mutating func join(_ first: Int, _ second: Int) {
    let (one, other) = (least(of: first), least(of: second))
    parents[max(one, other)] = min(one, other)
  }

  /// The least number of a number's set.
  mutating func least(of number: Int) -> Int {
    var root = number
    while parents[root] != root {
      parents[root] = parents[parents[root]]
      root = parents[root]
    }
    return root
  }
}
