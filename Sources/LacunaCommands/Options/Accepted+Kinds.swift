/// A type of numbers that options take.
protocol OptionNumber: Comparable, LosslessStringConvertible, Sendable {
  /// Whether it is neither infinite nor what is no number.
  var isFinite: Bool { get }
}

extension Int: OptionNumber {
  var isFinite: Bool { true }
}
extension UInt64: OptionNumber {
  var isFinite: Bool { true }
}
extension Float: OptionNumber {}
extension Double: OptionNumber {}

extension Accepted where Value: OptionNumber {
  /// Numbers of a range, its ends among them.
  static func number(in range: ClosedRange<Value>) -> Self {
    let words = "\(text(range.lowerBound))...\(text(range.upperBound))"
    return numbers(" in \(words)", listed: words) { range.contains($0) }
  }

  /// Numbers from this one.
  static func number(from least: Value) -> Self {
    numbers(" from \(text(least))", listed: "from \(text(least))") { $0 >= least }
  }

  /// Numbers from this one to below that one.
  static func number(from least: Value, below bound: Value) -> Self {
    let words = "from \(text(least)) to below \(text(bound))"
    return numbers(" \(words)", listed: words) { $0 >= least && $0 < bound }
  }

  /// Numbers larger than this one.
  static func number(above bound: Value) -> Self {
    numbers(" above \(text(bound))", listed: "above \(text(bound))") { $0 > bound }
  }

  /// Whatever numbers the type has; help does not list them.
  static func anyNumber(in range: ClosedRange<Value>) -> Self {
    numbers(" in \(text(range.lowerBound))...\(text(range.upperBound))", listed: nil) {
      range.contains($0)
    }
  }

  fileprivate static func numbers(
    noun: String = "a number", _ limits: String, listed: String?,
    where isAccepted: @escaping @Sendable (Value) -> Bool
  ) -> Self {
    Self(
      noun: noun, limits: limits, listed: listed, completed: [],
      read: { text in Value(text).flatMap { $0.isFinite && isAccepted($0) ? $0 : nil } },
      text: { text($0) })
  }

  /// A number as a person writes it: 1, not 1.0.
  private static func text(_ number: Value) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

extension Accepted<Int> {
  /// Odd numbers of a range.
  static func oddNumber(in range: ClosedRange<Int>) -> Self {
    numbers(
      noun: "an odd number", " in \(range.lowerBound)...\(range.upperBound)",
      listed: "odd, \(range.lowerBound)...\(range.upperBound)"
    ) { range.contains($0) && $0 % 2 == 1 }
  }
}

extension Accepted<[Int]> {
  /// Numbers above 0, separated by commas, each larger than the one before.
  static var counts: Self {
    Self(
      noun: "rising numbers above 0, separated by commas", limits: "", listed: nil, completed: [],
      read: { text in
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let known = numbers.compactMap { $0 }
        guard known.count == numbers.count, known.first ?? 0 > 0,
          zip(known, known.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        return known
      }, text: { $0.map(String.init).joined(separator: ",") })
  }
}

extension Accepted<Double> {
  /// Shares that leave something to either side.
  static var share: Self {
    numbers(noun: "a share", " between 0 and 1", listed: "between 0 and 1") { $0 > 0 && $0 < 1 }
  }
}

extension Accepted where Value: Equatable {
  /// A few values, each by its name.
  static func one(of cases: [(name: String, value: Value)]) -> Self {
    let names = cases.map(\.name)
    let words = [names.dropLast().joined(separator: ", "), names.last ?? ""]
    return Self(
      noun: words.joined(separator: " or "), limits: "", listed: names.joined(separator: ", "),
      completed: names, read: { name in cases.first { $0.name == name }?.value },
      text: { value in cases.first { $0.value == value }?.name ?? "" })
  }
}

extension Accepted where Value: RawRepresentable<String> & Equatable {
  /// All cases of a type, or some, by their names.
  static func one(of cases: [Value]) -> Self { one(of: cases.map { ($0.rawValue, $0) }) }
}
