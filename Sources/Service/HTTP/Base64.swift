import FoundationEssentials

/// Bytes as text (RFC 4648, section 4).
enum Base64 {
  /// The bytes of a text, `data:` URLs included; nil where it is none.
  static func bytes(_ text: String) -> [UInt8]? {
    var body = text[...]
    if text.hasPrefix("data:") {
      guard let comma = text.firstIndex(of: ",") else { return nil }
      body = text[text.index(after: comma)...]
    }
    return Data(base64Encoded: String(body)).map { Array($0) }
  }

  /// The text of bytes.
  static func text(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
