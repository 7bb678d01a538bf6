package import Files
package import Models

extension JSON {
  /// A number that reads back to the same one, infinite ones as text; null for none.
  package static func exactly(_ number: Double?) -> JSON {
    number.map { $0.isFinite ? .number($0) : .text("\($0)") } ?? .null
  }

  /// The number that ``exactly(_:)`` wrote; nil where this is none.
  package var exactNumber: Double? { asNumber ?? asText.flatMap { Double($0) } }
}

extension ScoreKind {
  /// Reads what `description` gives; nil where it gives no such text.
  package init?(description text: String) {
    let digits = text.drop { !$0.isNumber }.prefix(while: \.isNumber)
    let count = Int(digits) ?? 0
    let kinds: [ScoreKind] = [
      .exact, .lowerBound, .dequantizedDensity, .importanceEstimate(samples: count),
      .annealedEstimate(chains: count), .annealedBound(chains: count),
    ]
    guard let kind = kinds.first(where: { $0.description == text }) else { return nil }
    self = kind
  }
}
