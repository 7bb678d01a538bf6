/// What runs must have in common to go on with each other's work, part by part, so that a refusal can
/// say what has changed.
package struct RunIdentity {
  /// The parts; their words are those of the refusal.
  package enum Part: String, CaseIterable {
    case arguments
    case images
    case model

    fileprivate var words: String {
      switch self {
      case .arguments: "other arguments"
      case .images: "other images"
      case .model: "another model"
      }
    }
  }

  /// A digest a part, in a form that journals keep.
  package let text: String

  /// The identity of a run whose parts are these texts.
  package init(_ parts: [(part: Part, text: String)]) {
    text = parts.map { part, text in
      "\(part.rawValue):\(SHA256.fingerprint(of: Array(text.utf8)))"
    }.joined(separator: " ")
  }

  /// What has changed between two identities, in words.
  static func changes(from former: String, to present: String) -> String {
    let (former, present) = (digests(former), digests(present))
    var changed = Part.allCases.filter { former[$0.rawValue] != present[$0.rawValue] }
    if former.isEmpty || present.isEmpty { changed = Part.allCases }
    let words = changed.map(\.words)
    return words.count < 3
      ? words.joined(separator: " and ")
      : words.dropLast().joined(separator: ", ") + " or \(words[words.count - 1])"
  }

  private static func digests(_ text: String) -> [String: Substring] {
    var digests: [String: Substring] = [:]
    for word in text.split(separator: " ") {
      let sides = word.split(separator: ":", maxSplits: 1)
      if sides.count == 2 { digests[String(sides[0])] = sides[1] }
    }
    return digests
  }
}
