import Files
import Models

/// A value that a request has, declared once: what reads requests and what documents them follow from it.
struct Field: Sendable {
  /// What values it takes.
  enum Kind: Sendable {
    /// A PNG or JPEG image: base64 in JSON, a part of its own in a form.
    case image
    /// Several images: a list in JSON, parts of one name in a form.
    case images
    /// Text of so many bytes at most.
    case text(most: Int)
    case integer(ClosedRange<Int>)
    /// Any whole number of 64 bits.
    case seed
    case number(ClosedRange<Double>)
    case boolean
    case choice([String])
    /// Texts or numbers by name; in a form, `NAME=VALUE`, as often as needed.
    case options
  }

  let name: String
  let kind: Kind
  /// What it means, in one line.
  let summary: String
  var isRequired = false
  /// What stands for it where it is left out.
  var standard: JSON?

  init(
    _ name: String, _ kind: Kind, _ summary: String, isRequired: Bool = false,
    standard: JSON? = nil
  ) {
    self.name = name
    self.kind = kind
    self.summary = summary
    self.isRequired = isRequired
    self.standard = standard
  }
}

/// A value of a request.
enum FieldValue: Sendable {
  case images([[UInt8]])
  case text(String)
  case integer(Int)
  case seed(UInt64)
  case number(Double)
  case boolean(Bool)
  case options([String: String])
}

extension Field {
  /// The value that a JSON document gives; nil for `null`.
  func value(_ json: JSON) throws(Problem) -> FieldValue? {
    if case .null = json { return nil }
    switch (kind, json) {
    case (.image, .text(let text)): return .images([try image(text)])
    case (.images, .text(let text)): return .images([try image(text)])
    case (.images, .list(let list)):
      var images: [[UInt8]] = []
      for item in list {
        guard let text = item.asText else { throw mismatch }
        images.append(try image(text))
      }
      return .images(images)
    case (.options, .object(let entries)):
      var options: [String: String] = [:]
      for (name, value) in entries {
        switch value {
        case .text(let text): options[name] = text
        case .integer, .unsigned, .number, .boolean: options[name] = value.line
        default: throw mismatch
        }
      }
      return .options(options)
    case (.boolean, .boolean(let value)): return .boolean(value)
    case (.text, .text(let text)), (.choice, .text(let text)): return try value(text)
    case (.integer, .number), (.seed, .number): throw mismatch
    case (.integer, _), (.seed, _), (.number, _):
      guard json.asNumber != nil else { throw mismatch }
      return try value(json.line)
    default: throw mismatch
    }
  }

  /// The value that a part of a form gives.
  func value(_ part: MultipartForm.Part) throws(Problem) -> FieldValue {
    switch kind {
    case .image, .images: return .images([part.content])
    default:
      guard let text = String(validating: part.content, as: UTF8.self) else { throw mismatch }
      return try value(text)
    }
  }

  /// The value of a text.
  private func value(_ text: String) throws(Problem) -> FieldValue {
    switch kind {
    case .text(let most) where text.utf8.count <= most: return .text(text)
    case .choice(let names) where names.contains(text): return .text(text)
    case .integer(let range):
      if let value = Int(text), range.contains(value) { return .integer(value) }
    case .seed:
      if let value = UInt64(text) { return .seed(value) }
    case .number(let range):
      if let value = Double(text), range.contains(value) { return .number(value) }
    case .boolean:
      if let value = Bool(text) { return .boolean(value) }
    case .options:
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { return .options([String(parts[0]): String(parts[1])]) }
    default: break
    }
    throw mismatch
  }

  private func image(_ text: String) throws(Problem) -> [UInt8] {
    guard let bytes = Base64.bytes(text) else {
      throw .unprocessable(
        "'\(name)' is no base64", remedy: "encode the bytes of a PNG or JPEG file in base64")
    }
    return bytes
  }

  private var mismatch: Problem {
    .unprocessable("'\(name)' takes \(noun)", remedy: "\(summary); see /openapi.json")
  }

  private var noun: String {
    switch kind {
    case .image: "one image"
    case .images: "images"
    case .text(let most): "text of at most \(most) bytes"
    case .integer(let range): "a whole number in \(range.lowerBound)...\(range.upperBound)"
    case .seed: "a whole number in 0...\(UInt64.max)"
    case .number(let range): "a number in \(range.lowerBound)...\(range.upperBound)"
    case .boolean: "true or false"
    case .choice(let names): names.joined(separator: " or ")
    case .options: "values by name"
    }
  }
}
