extension Accepted<Int> {
  /// What `--batch` takes, wherever it stands.
  static var batch: Self { .number(in: 1...65536) }
}

extension Accepted<UInt64> {
  /// What `--seed` takes.
  static var seed: Self { .anyNumber(in: 0...UInt64.max) }
}
