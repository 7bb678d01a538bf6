import Files

extension FeatureTable {
  /// The names of the features in an order that is a matter of them alone: shorter ones first, so that
  /// numbered ones are in the order of their numbers, and equally long ones by bytes.
  var orderedColumns: [String] {
    columns.sorted {
      let (left, right) = ($0.utf8.count, $1.utf8.count)
      return left == right ? precedesInBytes($0, $1) : left < right
    }
  }

  /// The same table with its features in this order.
  ///
  /// - Parameter other: the table whose features are in that order, for messages.
  /// - Throws: `TaskError` where the names of its features are others.
  func arranged(_ names: [String], as other: String) throws -> FeatureTable {
    let places = ExactText.places(of: columns)
    let known = ExactText.places(of: names)
    let missing = names.filter { places[$0] == nil }
    let extra = columns.filter { known[$0] == nil }
    guard missing.isEmpty, extra.isEmpty else {
      let parts = [
        missing.isEmpty ? nil : "lacks the features \(NameList.text(missing))",
        extra.isEmpty ? nil : "has the features \(NameList.text(extra)) besides",
      ].compactMap { $0 }
      throw TaskError("\(path): \(parts.joined(separator: " and ")), unlike \(other)")
    }
    let order = names.compactMap { places[$0] }
    if order.elementsEqual(columns.indices) { return self }
    var arranged: [Float] = []
    arranged.reserveCapacity(features.count)
    for start in stride(from: 0, to: features.count, by: width) {
      for place in order { arranged.append(features[start + place]) }
    }
    return FeatureTable(
      path: path, columns: names, labels: labels, predictions: predictions, features: arranged)
  }
}
