/// A header's value with its parameters, such as `form-data; name="image"`.
struct HeaderValue: Sendable {
  /// What stands first, in lower case.
  let value: String
  private var parameters: [String: String] = [:]

  /// Reads a header's text; what is malformed in it is passed over.
  init(_ text: String) {
    var pieces: [String] = [""]
    var isQuoted = false
    var isEscaped = false
    for character in text.unicodeScalars {
      let piece = pieces.count - 1
      if isEscaped {
        pieces[piece].unicodeScalars.append(character)
        isEscaped = false
      } else if character == "\\", isQuoted {
        isEscaped = true
      } else if character == "\"" {
        isQuoted.toggle()
      } else if character == ";", !isQuoted {
        pieces.append("")
      } else {
        pieces[piece].unicodeScalars.append(character)
      }
    }
    value = Self.trimmed(pieces[0]).lowercased()
    for piece in pieces.dropFirst() {
      let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      parameters[Self.trimmed(String(parts[0])).lowercased()] = Self.trimmed(String(parts[1]))
    }
  }

  /// A parameter.
  subscript(name: String) -> String? { parameters[name] }

  private static func trimmed(_ text: String) -> String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}
