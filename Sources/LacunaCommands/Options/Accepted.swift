import ArgumentParser

/// The values that an option takes, in words that its help and its messages share.
///
///     @Option(help: "Images a step.", value: "count", takes: .number(in: 1...65536))
///     var batch = 32
///
/// says `(values: 1...65536; default: 32)` in the help, and of `--batch 0`
/// `--batch takes a number in 1...65536, not 0`.
struct Accepted<Value: Sendable>: Sendable {
  /// What is no value of an option.
  struct Refusal: Error, CustomStringConvertible {
    /// What follows the option's name, such as `takes a number in 1...65536, not 0`.
    let description: String
  }

  /// What a value is, such as `a number`.
  let noun: String
  /// Which of those, such as ` in 1...65536`.
  let limits: String
  /// The values as help lists them; nil where that would tell nothing.
  let listed: String?
  /// The values, where there are so few that a shell can complete them.
  let completed: [String]
  /// The value of a text, if it is one.
  let read: @Sendable (String) -> Value?
  /// The text of a value.
  let text: @Sendable (Value) -> String

  /// The value of a text.
  ///
  /// - Throws: ``Refusal`` where it is none.
  func value(of text: String) throws -> Value {
    if let value = read(text) { return value }
    let given = Double(text) == nil ? "'\(text)'" : text
    let isFraction = Value.self is any BinaryInteger.Type && Double(text).map(Self.isWhole) == false
    throw Refusal(
      description: "takes \(isFraction ? "a whole number" : noun)\(limits), not \(given)")
  }

  /// An option's help: the text, and in brackets the values and what stands for them unless given.
  func help(_ text: String, value: String?, unlessGiven: String?) -> ArgumentHelp {
    let parts = [listed.map { "values: \($0)" }, unlessGiven.map { "default: \($0)" }]
      .compactMap { $0 }
    let brackets = parts.isEmpty ? "" : " (\(parts.joined(separator: "; ")))"
    return ArgumentHelp("\(text)\(brackets)", valueName: value)
  }

  private static func isWhole(_ number: Double) -> Bool { number == number.rounded() }
}

extension Option {
  /// An option of these values, with a default.
  init(
    wrappedValue: Value, name: NameSpecification = .long, help: String, value: String? = nil,
    takes accepted: Accepted<Value>
  ) where Value: Sendable {
    // Whatever follows the name is the value, so that a negative number is told what is wrong.
    self.init(
      wrappedValue: wrappedValue, name: name, parsing: .unconditional,
      help: accepted.help(help, value: value, unlessGiven: accepted.text(wrappedValue)),
      completion: accepted.completion, transform: { try accepted.value(of: $0) })
  }

  /// An option of these values that may be left out.
  ///
  /// - Parameter otherwise: what happens then, for the help.
  init<Wrapped: Sendable>(
    name: NameSpecification = .long, help: String, value: String? = nil,
    takes accepted: Accepted<Wrapped>, otherwise: String? = nil
  ) where Value == Wrapped? {
    self.init(
      wrappedValue: nil, name: name, parsing: .unconditional,
      help: accepted.help(help, value: value, unlessGiven: otherwise),
      completion: accepted.completion, transform: { try accepted.value(of: $0) })
  }
}

extension Accepted {
  fileprivate var completion: CompletionKind? { completed.isEmpty ? nil : .list(completed) }
}
