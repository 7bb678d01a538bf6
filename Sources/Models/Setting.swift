/// The choices that a user has for one model, each declared once with its name, range and help.
public protocol ModelConfiguration: Sendable {
  /// The defaults.
  init()
  /// Every setting, in the order in which they are listed.
  static var settings: [Setting<Self>] { get }
}

/// One setting of a model: `--set NAME=VALUE`.
public struct Setting<Configuration>: Sendable {
  /// The name on the command line and in model files.
  public let name: String
  /// What it does, in one line.
  public let help: String
  /// The values it takes, such as `1...64`.
  public let range: String
  /// The present value as text.
  public let read: @Sendable (Configuration) -> String
  /// Reads a value; throws where it does not fit.
  public let write: @Sendable (inout Configuration, String) throws(ModelError) -> Void

  /// A whole number.
  public static func integer(
    _ name: String, _ path: any (WritableKeyPath<Configuration, Int> & Sendable),
    _ range: ClosedRange<Int>, _ help: String
  ) -> Self {
    number(name, path, range, help) { Int($0) }
  }

  /// A real number.
  public static func real(
    _ name: String, _ path: any (WritableKeyPath<Configuration, Double> & Sendable),
    _ range: ClosedRange<Double>, _ help: String
  ) -> Self {
    number(name, path, range, help) { Double($0) }
  }

  /// One of some words.
  public static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: any (WritableKeyPath<Configuration, Value> & Sendable), _ help: String
  ) -> Self {
    let words = Value.allCases.map(\.rawValue)
    return Self(
      name: name, help: help, range: words.joined(separator: "|"),
      read: { $0[keyPath: path].rawValue },
      write: { (configuration, text) throws(ModelError) in
        guard let value = Value(rawValue: text) else {
          throw ModelError(
            "setting '\(name)' is one of \(words.joined(separator: ", ")), not '\(text)'")
        }
        configuration[keyPath: path] = value
      })
  }

  private static func number<Value: Comparable & Sendable>(
    _ name: String, _ path: any (WritableKeyPath<Configuration, Value> & Sendable),
    _ range: ClosedRange<Value>, _ help: String, _ parse: @escaping @Sendable (String) -> Value?
  ) -> Self {
    let allowed = "\(range.lowerBound)...\(range.upperBound)"
    return Self(
      name: name, help: help, range: allowed, read: { "\($0[keyPath: path])" },
      write: { (configuration, text) throws(ModelError) in
        guard let value = parse(text), range.contains(value) else {
          throw ModelError("setting '\(name)' takes a number in \(allowed), not '\(text)'")
        }
        configuration[keyPath: path] = value
      })
  }
}

extension ModelConfiguration {
  /// Every setting's value as text, by name: what a model file keeps.
  public var texts: [String: String] {
    Dictionary(uniqueKeysWithValues: Self.settings.map { ($0.name, $0.read(self)) })
  }

  /// The defaults, changed by these texts.
  public init(texts: [String: String], model: String) throws(ModelError) {
    self.init()
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
      guard let setting = Self.settings.first(where: { $0.name == name }) else {
        let known = Self.settings.map(\.name).joined(separator: ", ")
        throw ModelError(
          "model '\(model)' has no setting '\(name)'; it has \(known.isEmpty ? "none" : known)")
      }
      try setting.write(&self, text)
    }
  }
}
