/// A text `KEY=VALUE`.
struct Assignment {
  /// What stands before the first equals sign; not empty.
  let key: String
  /// What stands after it.
  let value: String

  /// Reads a text; nil where it is none.
  init?(_ text: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { return nil }
    (key, value) = (String(parts[0]), String(parts[1]))
  }
}
