/// A text that is equal to another where their UTF-8 bytes are, as names of files and classes are.
///
/// `String` takes texts for equal that differ in their Unicode normal form alone, such as "é" in one
/// code point and in two. File systems and tables keep such names apart, and so does whatever
/// looks names up.
package struct ExactText: Hashable, Sendable {
  /// The text.
  package let text: String

  /// A text, compared by bytes.
  package init(_ text: String) { self.text = text }

  package static func == (left: ExactText, right: ExactText) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension ExactText {
  /// Texts without repetitions, in byte order.
  package static func distinct(_ texts: some Sequence<String>) -> [String] {
    Set(texts.map(ExactText.init)).map(\.text).sorted(by: precedesInBytes)
  }

  /// Where each of some names stands; of equal ones the last.
  package static func places(of names: [String]) -> [ExactText: Int] {
    var places: [ExactText: Int] = [:]
    for (place, name) in names.enumerated() { places[name] = place }
    return places
  }

  /// What to add to a message that a name is not among others where one of them looks the same.
  package static func hint(_ name: String, among others: some Sequence<String>) -> String {
    // Here the equality of `String` is the one that is meant.
    guard others.contains(name) else { return "" }
    return " (one of them has the same letters in another Unicode normal form: other bytes)"
  }
}

extension Dictionary where Key == ExactText {
  /// The value of a name.
  package subscript(_ name: String) -> Value? {
    get { self[ExactText(name)] }
    set { self[ExactText(name)] = newValue }
  }
}

extension Set<ExactText> {
  /// Whether a name is among these.
  package func contains(_ name: String) -> Bool { contains(ExactText(name)) }
}

extension Collection<String> {
  /// Where a name stands, compared by bytes.
  package func firstIndex(ofExactly name: String) -> Index? {
    firstIndex { $0.isExactly(name) }
  }
}

extension StringProtocol {
  /// Whether both have the same UTF-8 bytes.
  package func isExactly(_ other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}
