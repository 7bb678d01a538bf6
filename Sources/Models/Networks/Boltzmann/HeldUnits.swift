import Tensors

/// Visible units of which some are held at known values while the others are free.
struct HeldUnits: Sendable, Hashable {
  /// A value a unit; 0 where it is free.
  let values: [Float]
  /// Whether each unit is free.
  let isFree: [Bool]

  /// The pixels of an image and the units of its class, which are held where it is known.
  ///
  /// - Parameters:
  ///   - levels: those of free pixels are not read.
  ///   - missing: a value a pixel.
  ///   - upper: units after the pixels that are always free.
  init(
    levels: [Float], missing: [Bool], channels: Int, upper: Int = 0, label: Int?, classCount: Int
  ) {
    let isMissing = levels.indices.map { missing[$0 / channels] }
    values =
      zip(levels, isMissing).map { $1 ? 0 : $0 } + [Float](repeating: 0, count: upper)
      + (0..<classCount).map { $0 == label ? 1 : 0 }
    isFree =
      isMissing + [Bool](repeating: true, count: upper)
      + [Bool](repeating: label == nil, count: classCount)
  }

  /// Every unit free, and the class where it is not known.
  init(binary: Int, label: Int?, classCount: Int) {
    self.init(
      levels: [Float](repeating: 0, count: binary),
      missing: [Bool](repeating: true, count: binary), channels: 1, label: label,
      classCount: classCount)
  }

  /// The class that is held, whose units come after so many others.
  func label(after others: Int) -> Int? {
    values[others...].firstIndex(of: 1).map { $0 - others }
  }

  /// Random numbers that depend on what is held alone.
  func random(seed: UInt64) -> RandomSource {
    var hash = StableHash()
    for (value, isFree) in zip(values, isFree) { hash.take(isFree ? 2 : UInt64(value)) }
    return RandomSource(seed: seed, purpose: .particles, index: hash.value)
  }
}

/// What is held in each row of a tile.
struct Clamp: Sendable {
  /// Float32 `[rows, units]`; 0 where a unit is free.
  let values: Tensor
  /// Float32 `[rows, units]`: 1 where a unit is free, else 0.
  let free: Tensor

  /// A row each.
  init(_ rows: [HeldUnits]) {
    let shape: Shape = [rows.count, rows[0].values.count]
    values = Tensor(rows.flatMap(\.values), shape: shape)
    free = Tensor(rows.flatMap { $0.isFree.map { $0 ? 1 : 0 } }, shape: shape)
  }

  /// Nothing held.
  init(allFree rows: Int, units: Int) {
    values = Tensor(repeating: 0, shape: [rows, units])
    free = Tensor(repeating: 1, shape: [rows, units])
  }

  /// These units, but what is held as it is held.
  func applied(to units: Tensor) -> Tensor { units * free + values }
}
