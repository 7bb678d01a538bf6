import Files
import Testing

/// What a terminal is shown of names that hold anything.
@Suite struct PrintableTests {
  @Test(arguments: [
    ("plain, é, 한, 🙂", "plain, é, 한, 🙂"), ("\u{1b}[2J", "\\x1b[2J"), ("a\nb", "a\\x0ab"),
    ("a\r\nb", "a\\x0d\\x0ab"), ("a\tb", "a\\x09b"), ("a\0b", "a\\x00b"), ("a\u{7f}b", "a\\x7fb"),
    ("a\u{9b}2J", "a\\x9b2J"), ("a\u{85}b", "a\\x85b"), ("a\u{202e}gnp", "a\\u{202e}gnp"),
    ("a\u{2066}b\u{2069}", "a\\u{2066}b\\u{2069}"), ("a\u{2028}b", "a\\u{2028}b"),
    ("a\u{2029}b", "a\\u{2029}b"), ("a\u{200f}b", "a\\u{200f}b"), ("a\u{a0}b", "a\u{a0}b"),
  ])
  func controlCharactersAreEscaped(_ text: String, _ shown: String) {
    #expect(Printable.line(text).isExactly(shown))
  }

  @Test func linesOfOursStay() {
    #expect(Printable.lines("a\nb\u{1b}\r\n") == "a\nb\\x1b\\x0d\n")
  }

  @Test(
    arguments: [
      ([0x69, 0x6d, 0xe9], "im\\xe9"), ([0xc3, 0xa9, 0xff], "é\\xff"),
      ([0xc0, 0x80], "\\xc0\\x80"),
      ([0x61, 0xed, 0xa0, 0x80], "a\\xed\\xa0\\x80"), ([0x1b, 0xe2, 0x80], "\\x1b\\xe2\\x80"),
      ([], ""),
    ] as [([UInt8], String)])
  func bytesThatAreNoTextAreEscaped(_ bytes: [UInt8], _ shown: String) {
    #expect(Printable.line(bytes: bytes) == shown)
  }

  /// JSON has escapes of its own, which read back.
  @Test func recordsKeepTheirTexts() throws {
    let text = "\u{1b}[2J\u{7f}\u{9b}\u{202e}\u{2028}\né"
    let written = JSON.text(text).line
    #expect(written == "\"\\u001b[2J\\u007f\\u009b\\u202e\\u2028\\né\"")
    #expect(try JSON(reading: written) == .text(text))
    #expect(CSV.line([text]) == "\"\(text)\"\n")
  }
}
