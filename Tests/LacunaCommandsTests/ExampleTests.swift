import TestSupport
import Testing

/// The examples of help, man page and README are run as they stand.
@Suite struct ExampleTests {
  /// Lines that start with `lacuna` after blanks, continued lines joined.
  private func examples(in text: String) -> [String] {
    var examples: [String] = []
    var isOpen = false
    for line in text.split(separator: "\n") {
      let trimmed = line.drop { $0 == " " }
      let isStart = trimmed.hasPrefix("lacuna ") && trimmed.count < line.count
      guard isStart || isOpen else { continue }
      let ends = !trimmed.hasSuffix("\\")
      let part = String(ends ? trimmed : trimmed.dropLast())
      if isOpen, let last = examples.popLast() {
        examples.append(last + part)
      } else {
        examples.append(part)
      }
      isOpen = !ends
    }
    return examples
  }

  private func run(_ examples: [String], in place: Workplace) throws {
    for example in examples {
      let result = try place.lacuna.shell(example)
      #expect(result.status == 0, "\(example)\n\(result.errors)")
    }
  }

  @Test func examplesOfHelp() throws {
    let place = try Workplace()
    let root = examples(in: try place.lacuna.run("--help").output)
    #expect(root.count >= 2)
    try run(root, in: try Workplace())
    for command in [
      "train", "augment", "impute", "embed", "duplicates", "interpolate", "traverse",
      "evaluate likelihood",
      "evaluate imputation", "evaluate embedding", "evaluate augmentation", "evaluate samples",
      "evaluate chains", "merge", "models", "inspect", "benchmark sampling", "benchmark step",
    ] {
      let help = try place.lacuna.run(command.split(separator: " ").map(String.init) + ["--help"])
      let examples = examples(in: help.output)
      #expect(!examples.isEmpty, "\(command)")
      try run(examples, in: place)
    }
  }

  @Test func examplesOfTheManPage() throws {
    let page = try Workplace.text("man/lacuna.1")
    // Examples stand indented between .nf and .fi; backslashes are written \e there.
    let text = page.split(separator: "\n").map { line in
      line.hasSuffix("\\e") ? line.dropLast(2) + "\\" : String(line)
    }.joined(separator: "\n").split(separator: "\\-", omittingEmptySubsequences: false)
      .joined(separator: "-")
    let examples = examples(in: text)
    #expect(examples.count >= 8)
    try run(examples, in: try Workplace())
  }

  @Test func examplesOfTheReadme() throws {
    let examples = examples(in: try Workplace.text("README.md"))
    #expect(examples.count >= 5)
    try run(examples, in: try Workplace())
  }

  /// Every option of every command stands in the man page.
  @Test func theManPageNamesEveryOption() throws {
    let page = try Workplace.text("man/lacuna.1").split(
      separator: "\\-", omittingEmptySubsequences: false
    ).joined(separator: "-")
    let place = try Workplace()
    for command in try CommandTree.commands(place.lacuna) {
      let name = command.words.joined(separator: " ")
      #expect(page.contains("lacuna \(name)"))
      for option in command.arguments ?? [] {
        guard let word = option.preferredName else { continue }
        #expect(page.contains("--\(word.name)"), "\(name) --\(word.name)")
      }
    }
  }
}
