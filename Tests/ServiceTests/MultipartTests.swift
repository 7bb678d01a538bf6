import Testing

@testable import Service

@Suite struct MultipartTests {
  @Test func partsAreRead() throws {
    let body = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--\r\n"
    let form = try MultipartForm(Array(body.utf8), boundary: "b")
    #expect(form.parts.map(\.name) == ["a"])
    #expect(form["a"].map(\.content) == [Array("1".utf8)])
  }
}
