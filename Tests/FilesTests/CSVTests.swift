import Files
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
