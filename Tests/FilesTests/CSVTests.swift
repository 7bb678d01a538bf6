import Files
import TestSupport
import Testing

@Suite struct CSVTests {
  @Test func plainFieldsStayPlain() {
    #expect(CSV.line(["a", "1.5", ""]) == "a,1.5,\n")
  }

  @Test func specialFieldsAreQuotedAndReadBack() {
    let fields = ["a,b", "say \"no\"", "two\nlines", "", "\""]
    #expect(CSV.line(["a,b", "\""]) == "\"a,b\",\"\"\"\"\n")
    #expect(CSV.lines(of: CSV.line(fields) + CSV.line(["x"])) == [fields, ["x"]])
  }

  @Test func aLineThatWasCutShortIsLeftOut() {
    #expect(CSV.lines(of: "a,b\nc,d\ne,") == [["a", "b"], ["c", "d"]])
    #expect(CSV.lines(of: "a,\"b\nc") == [])
    #expect(CSV.lines(of: "") == [])
  }

  @Test func tablesOfOthersAreReadAsTheyAreMeant() throws {
    let plain = [CSV.Row(["a", "b"], 1), CSV.Row(["c", "d"], 2)]
    for text in ["a,b\nc,d\n", "a,b\nc,d", "a,b\r\nc,d\r\n", "\u{feff}a,b\nc,d\n", "a,b\n\"c\",d"] {
      #expect(try CSV.rows(of: text) == plain)
    }
    #expect(try CSV.rows(of: "") == [])
    #expect(try CSV.rows(of: "\n\r\n\n") == [])
    #expect(try CSV.rows(of: "a\n\nb\n") == [CSV.Row(["a"], 1), CSV.Row(["b"], 3)])
    #expect(try CSV.rows(of: ",\n") == [CSV.Row(["", ""], 1)])
  }

  @Test(arguments: [
    "a,b\rc,d\r", "a,b\rc,d", "a,b\r\r\n\n\rc,d\r\n  \r\n", " a ,\tb\n\u{a0}c,d \u{a0} \n",
    "\"a\" , \"b\" \nc,d", "  \"a\",b\nc,d\u{a0}", "\u{feff}\"a\",b\r\n\"c\",\"d\"\r\n\u{a0}\r\n",
  ])
  func lineEndsAndPaddingOfAnyKind(_ text: String) throws {
    #expect(try CSV.rows(of: text).map(\.fields) == [["a", "b"], ["c", "d"]])
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "table.csv")
    #expect(try CSV.rows(contentsOf: path) == CSV.rows(of: text))
  }

  @Test func linesAreCountedWhateverTheirEnds() throws {
    for end in ["\n", "\r", "\r\n"] {
      let text = ["a", "", "\"b", "c\"", "d"].joined(separator: end)
      #expect(try CSV.rows(of: text).map(\.line) == [1, 3, 5])
      #expect(try CSV.rows(of: text)[1].fields == ["b\(end)c"])
    }
  }

  /// What is ours is kept to the byte, and read by others' rules too.
  @Test(arguments: [
    " a", "a ", "\ta", "\u{a0}a", "a\u{a0}", " ", "a\rb", "a,\u{301}b", "a\"\u{301}b", "a\n\u{301}",
  ])
  func fieldsOfOursReadBackExactly(_ field: String) throws {
    let line = CSV.line([field, "x"])
    for fields in [CSV.lines(of: line).first, try CSV.rows(of: line).first?.fields] {
      #expect(fields?.count == 2 && fields?.first?.isExactly(field) == true)
    }
    #expect(CSV.lines(of: " a ,b \n") == [[" a ", "b "]])
  }

  @Test(
    arguments: [
      ([0xff, 0xfe, 0x61, 0, 0x2c, 0], "UTF-16"), ([0xfe, 0xff, 0, 0x61], "UTF-16"),
      ([0x61, 0, 0x2c, 0, 0x62, 0], "UTF-16"), ([0x61, 0x2c, 0xe9, 0x0a], "is not UTF-8 text"),
      ([0x61, 0x2c, 0xc3], "is not UTF-8 text"),
    ] as [([UInt8], String)])
  func whatIsNotUTF8IsSaid(_ bytes: [UInt8], _ reason: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(bytes, to: "table.csv")
    let error = #expect(throws: CSVReader.Mistake.self) { try CSV.rows(contentsOf: path) }
    #expect(error?.reason.contains(reason) == true)
    #expect(error?.reason.hasSuffix("save it as UTF-8") == true)
  }

  @Test func columnsAreFoundInCapitalsToo() throws {
    let header = try CSVHeader(["Filename", "score", "LABEL"], line: 1)
    #expect(try header.column("filename") == 0 && header.column("label") == 2)
    #expect(try header.column("colour") == nil)
    #expect(try CSVHeader(["Label", "label"], line: 1).column("label") == 1)
    for names in [["label", "label"], ["Label", "LABEL"]] {
      #expect(throws: CSVReader.Mistake(line: 3, reason: "the header has two columns 'label'")) {
        try CSVHeader(names, line: 3).column("label")
      }
    }
  }

  @Test(arguments: [("a;b", "semicolons"), ("a\tb", "tabs"), ("a|b", "bars")])
  func otherSeparatorsAreNamed(_ line: String, _ kind: String) throws {
    let error = #expect(throws: CSVReader.Mistake.self) { try CSVHeader([line], line: 1) }
    #expect(error?.reason.contains("separated by \(kind)") == true)
    guard kind != "bars" else { return }
    let quoted = "\"a\"\(line.dropFirst().first ?? " ")\"b\"\n"
    let mistake = #expect(throws: CSVReader.Mistake.self) { try CSV.rows(of: quoted) }
    #expect(mistake?.reason.contains("separated by \(kind)") == true)
  }

  @Test func rowsKnowTheirLines() throws {
    let rows = try CSV.rows(of: "a\n\"two\nlines\",\"say \"\"no\"\"\"\né")
    #expect(
      rows == [
        CSV.Row(["a"], 1), CSV.Row(["two\nlines", "say \"no\""], 2), CSV.Row(["é"], 4),
      ])
    let error = #expect(throws: CSVReader.Mistake.self) { try CSV.rows(of: "a\nb,\"c\nd\n") }
    #expect(error?.line == 2)
  }
}
