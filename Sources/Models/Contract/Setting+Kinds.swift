extension Setting where Configuration: DeclaredSettings {
  /// A whole number.
  public static func integer(
    _ name: String, _ path: any (WritableKeyPath<Configuration, Int> & Sendable),
    _ range: ClosedRange<Int>, _ help: String, tiny: Int? = nil
  ) -> Self {
    number(name, path, range, help, tiny: tiny) { Int($0) }
  }

  /// A real number.
  public static func real(
    _ name: String, _ path: any (WritableKeyPath<Configuration, Double> & Sendable),
    _ range: ClosedRange<Double>, _ help: String, tiny: Double? = nil
  ) -> Self {
    number(name, path, range, help, tiny: tiny) { Double($0) }
  }

  /// One of some words.
  public static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: any (WritableKeyPath<Configuration, Value> & Sendable), _ help: String,
    formerly: Value? = nil, alternative: Value? = nil
  ) -> Self {
    let words = Value.allCases.map(\.rawValue)
    return Self(
      name: name, help: help, range: words.joined(separator: "|"), tiny: nil,
      formerly: formerly?.rawValue, alternative: alternative?.rawValue,
      read: { $0[keyPath: path].rawValue },
      write: { (configuration, text) throws(ModelError) in
        guard let value = Value(rawValue: text) else {
          throw ModelError(
            "\(Configuration.noun) '\(name)' is one of \(words.joined(separator: ", ")), not '\(text)'"
          )
        }
        configuration[keyPath: path] = value
      })
  }

  private static func number<Value: Comparable & Sendable>(
    _ name: String, _ path: any (WritableKeyPath<Configuration, Value> & Sendable),
    _ range: ClosedRange<Value>, _ help: String, tiny: Value?,
    _ parse: @escaping @Sendable (String) -> Value?
  ) -> Self {
    let allowed = "\(range.lowerBound)...\(range.upperBound)"
    return Self(
      name: name, help: help, range: allowed, tiny: tiny.map { "\($0)" }, formerly: nil,
      alternative: nil,
      read: { "\($0[keyPath: path])" },
      write: { (configuration, text) throws(ModelError) in
        guard let value = parse(text), range.contains(value) else {
          throw ModelError(
            "\(Configuration.noun) '\(name)' takes a number in \(allowed), not '\(text)'")
        }
        configuration[keyPath: path] = value
      })
  }
}
