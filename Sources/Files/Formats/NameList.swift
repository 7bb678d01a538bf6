/// Names in a message.
package enum NameList {
  /// Names separated by commas; beyond the first few, how many more there are.
  package static func text(_ names: [String], most: Int = 12) -> String {
    let shown = names.prefix(most).joined(separator: ", ")
    return names.count > most ? "\(shown) and \(names.count - most) more" : shown
  }
}
