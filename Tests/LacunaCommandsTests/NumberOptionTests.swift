import TestSupport
import Testing

/// Every number that an option takes has a range, which its help and its message name.
@Suite struct NumberOptionTests {
  /// What an option says of text that is no number, taken apart.
  private struct Range {
    let noun: Substring, words: Substring
    let inside: [String], outside: [String]

    /// Nil where the message is not one about numbers.
    init?(_ message: Substring, of option: String) throws {
      let pattern =
        /lacuna: error: (\S+) takes (a number|an odd number|a share) (.*), not 'x!'/
      guard let match = try pattern.wholeMatch(in: message), match.1 == option else { return nil }
      (noun, words) = (match.2, match.3)
      let parts = words.split(separator: " ").flatMap { $0.split(separator: "...") }
      let numbers = parts.filter { Double($0) != nil }.map(String.init)
      let low = Double(numbers.first ?? "") ?? .nan
      let below = "\(low - 1)".hasSuffix(".0") ? "\(Int(low) - 1)" : "\(low - 1)"
      switch parts.first {
      case "in":
        // Ten times the upper end, whatever the type.
        let even = noun == "an odd number" ? ["\(Int(low) + 1)"] : []
        (inside, outside) = (numbers, [below, numbers[1] + "0"] + even)
      case "above": (inside, outside) = (["\(Int(low) + 1)"], [below, numbers[0]])
      case "from" where numbers.count == 1: (inside, outside) = (numbers, [below])
      case "from": (inside, outside) = ([numbers[0]], [below, numbers[1]])
      case "between": (inside, outside) = (["0.5"], [below] + numbers)
      default: return nil
      }
    }
  }

  @Test func everyNumberHasARangeAndKeepsIt() throws {
    let lacuna = try Workplace().lacuna
    var count = 0
    for command in try CommandTree.commands(lacuna) {
      for option in command.arguments ?? [] where option.kind == "option" {
        let name = "--" + (option.preferredName?.name ?? "")
        func answer(_ value: String) throws -> (status: Int32, line: Substring) {
          let result = try lacuna.run(command.words + ["\(name)=\(value)"])
          return (result.status, result.errors.prefix { $0 != "\n" })
        }
        let about = Comment(rawValue: "\(command.words.joined(separator: " ")) \(name)")
        let refusal = try answer("x!").line
        guard let range = try Range(refusal, of: name) else {
          // Text, or one of a few words; the parser's words are those of a number without a range.
          #expect(!refusal.contains("is invalid for"), about)
          continue
        }
        count += 1
        for value in range.outside + ["nan", "inf"] {
          let expected = [range.noun, "a whole number"].map {
            "lacuna: error: \(name) takes \($0) \(range.words), not \(value)"
          }
          let answer = try answer(value)
          #expect(answer.status == 64 && expected.contains(String(answer.line)), about)
        }
        for value in range.inside {
          #expect(try !answer(value).line.contains("\(name) takes"), about)
        }
        // Which seeds there are is nobody's concern.
        let listed = range.words.split(separator: " ").last ?? ""
        #expect(name == "--seed" || option.abstract?.contains(listed) == true, about)
        #expect(name == "--seed" || option.abstract?.contains("(values: ") == true, about)
      }
    }
    #expect(count > 40)
  }

  @Test func aFractionIsToldToBeWhole() throws {
    let result = try Workplace().lacuna.run("embed", "--batch", "2.5")
    #expect(
      result.errors.hasPrefix("lacuna: error: --batch takes a whole number in 1...65536, not 2.5\n")
    )
  }

  @Test func aNegativeNumberIsReadAsOne() throws {
    let result = try Workplace().lacuna.run("traverse", "--range", "-2")
    #expect(result.errors.hasPrefix("lacuna: error: --range takes a number above 0, not -2\n"))
  }
}
