extension ImageTransforms: LosslessStringConvertible {
  /// Such as `shift,rotation=strong,mirror`: kinds in order, each light unless it says otherwise; `none` for no kind.
  public var description: String {
    isEmpty ? "none" : kinds.map { Self.text($0, self[$0]) }.joined(separator: ",")
  }

  private static func text(_ kind: Kind, _ strength: TransformStrength) -> String {
    strength == .light ? kind.rawValue : "\(kind.rawValue)=\(strength.rawValue)"
  }

  /// Reads such a list; `light` and `strong` among the kinds stand for all that moves an image.
  ///
  /// Nil where a word is no kind, or stands twice.
  public init?(_ text: String) {
    var strengths: [Kind: TransformStrength] = [:]
    if text == TransformStrength.none.rawValue {
      self.init()
      return
    }
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = word.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      let (kinds, strength): ([Kind], TransformStrength?)
      if parts.count == 1, let all = TransformStrength(rawValue: parts[0]) {
        (kinds, strength) = (Kind.movements, all)
      } else if let kind = parts.first.flatMap(Kind.init) {
        (kinds, strength) = (
          [kind], parts.count == 1 ? .light : TransformStrength(rawValue: parts[1])
        )
      } else {
        return nil
      }
      guard let strength, strength != .none, parts.count <= 2 else { return nil }
      for kind in kinds where strengths.updateValue(strength, forKey: kind) != nil { return nil }
    }
    self.init(strengths)
  }

  /// The names of all kinds, for messages.
  public static var kindNames: String { Kind.allCases.map(\.rawValue).joined(separator: ", ") }

  /// The description, with `light` or `strong` in place of the four kinds that move an image, where these are all alike.
  public var shortText: String {
    let strength = self[Kind.movements[0]]
    guard strength != .none, Kind.movements.allSatisfy({ self[$0] == strength }) else {
      return description
    }
    let others = kinds.filter { !Kind.movements.contains($0) }.map { Self.text($0, self[$0]) }
    return ([strength.rawValue] + others).joined(separator: ",")
  }
}
