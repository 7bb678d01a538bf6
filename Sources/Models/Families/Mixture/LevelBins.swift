/// Neighbouring levels that share a frequency: a bin a level up to 32 levels, 32 bins beyond.
struct LevelBins: Sendable {
  /// Values that a channel can take.
  let levels: Int
  /// The number of bins.
  let count: Int

  init(levels: Int) {
    self.levels = levels
    count = min(levels, 32)
  }

  /// The bin that a level falls into.
  func bin(of level: Float) -> Int { Int(level) * count / levels }

  /// The lowest level of a bin.
  func lowest(_ bin: Int) -> Int { (bin * levels + count - 1) / count }

  /// The highest level of a bin.
  func highest(_ bin: Int) -> Int { lowest(bin + 1) - 1 }

  /// Levels that share a bin.
  func width(_ bin: Int) -> Int { highest(bin) - lowest(bin) + 1 }

  /// The level of a bin at which a uniform value in (0, 1) falls, all of the bin's equally likely.
  func level(in bin: Int, at uniform: Float) -> Int {
    min(highest(bin), lowest(bin) + Int(uniform * Float(width(bin))))
  }
}
