import Files
import Testing

@Suite struct JSONTests {
  @Test func valuesAreWrittenInOrder() {
    let value = JSON.object([
      ("text", .text("a\"b\\\n\u{1}é")), ("whole", .number(3)), ("none", .number(.nan)),
      ("list", .list([.integer(-1), .boolean(true), .null])), ("empty", .object([])),
      ("seed", .unsigned(.max)),
    ])
    #expect(
      value.formatted == """
        {
          "text": "a\\"b\\\\\\n\\u0001é",
          "whole": 3,
          "none": null,
          "list": [
            -1,
            true,
            null
          ],
          "empty": {},
          "seed": 18446744073709551615
        }
        """)
    #expect(
      value.line == #"{"text":"a\"b\\\n\u0001é","whole":3,"none":null,"list":[-1,true,null],"#
        + #""empty":{},"seed":18446744073709551615}"#)
  }

  @Test func whatIsWrittenIsRead() throws {
    let value = JSON.object([
      ("text", .text("a\"b\\\n\u{1}é🙂")), ("number", .number(-1.5e-300)), ("none", .null),
      ("list", .list([.integer(.min), .boolean(false), .list([]), .object([])])),
      ("seed", .unsigned(.max)),
    ])
    #expect(try JSON(reading: value.line) == value)
    #expect(try JSON(reading: value.formatted) == value)
    #expect(value["text"]?.asText == "a\"b\\\n\u{1}é🙂")
    #expect(value["seed"]?.asNumber == 18_446_744_073_709_551_616)
    #expect(value["other"] == nil)
  }

  @Test(arguments: [
    (" [ 1 , 2 ] ", JSON.list([.integer(1), .integer(2)])), ("-0", .integer(0)),
    ("1e2", .number(100)), ("0.25E+1", .number(2.5)), ("1.0", .number(1)),
    ("18446744073709551616", .number(18_446_744_073_709_551_616)),
    (#""\u00e9\ud83d\ude42\/\b\f\r\t""#, .text("é🙂/\u{8}\u{c}\r\t")),
    ("{\"\":{\"a\":[]}}", .object([("", .object([("a", .list([]))]))])), ("null", .null),
  ])
  func readsWhatOthersWrite(_ text: String, _ value: JSON) throws {
    #expect(try JSON(reading: text) == value)
  }

  @Test(arguments: [
    "", " ", "tru", "truer", "01", "-", "+1", ".5", "1.", "1e", "1e999", "NaN", "0x1", "[1,]",
    "[1 2]", "[", "]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "'a'", "\"a", "\"\\",
    "\"\\x\"", "\"\\u12\"", "\"\\u+123\"", "\"\\ud83d\"", "\"\\ud83d\\u0041\"", "\"\\ude42\"",
    "\"a\nb\"", "1 2", "null,", "\u{feff}1", String(repeating: "[", count: 100_000),
  ])
  func refusesWhatIsNoJSON(_ text: String) {
    #expect(throws: JSON.Mistake.self) { try JSON(reading: text) }
  }

  /// What a terminal would act on, and bytes of no text, two units each.
  @Test func controlCharactersAreEscaped() throws {
    let text = "a\u{1b}\u{202e}\(PathText.text([0xe9]))"
    let written = JSON.text(text).line
    #expect(written == #""a\u001b\u202e\udbff\udee9""#)
    #expect(try JSON(reading: written).asText == text)
  }
}
