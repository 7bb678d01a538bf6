import Files
import TestSupport
import Testing

/// What is refused, with which status, and that it is said why and what to do.
@Suite struct RefusalTests {
  private let served: ServedWorkplace

  init() throws { served = try ServedWorkplace(["--max-body", "200000"]) }

  private func refusal(
    _ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8] = []
  ) throws -> Int {
    let answer = try served.ask(method, path, headers: headers, body: body)
    #expect(answer.headers["content-type"] == "application/problem+json")
    #expect(answer.json["status"]?.asNumber == Double(answer.status))
    for name in ["title", "detail", "remedy"] {
      #expect(answer.json[name]?.asText?.isEmpty == false, "\(answer.text)")
    }
    return answer.status
  }

  private func refusal(_ path: String, _ json: JSON) throws -> Int {
    try refusal(
      "POST", path, headers: ServedWorkplace.jsonHeaders, body: Array(json.line.utf8))
  }

  @Test func placesAndMethods() throws {
    #expect(try refusal("GET", "/nowhere") == 404)
    #expect(try refusal("GET", "/v1/impute") == 405)
    #expect(try refusal("DELETE", "/v1/models") == 405)
    #expect(try refusal("GET", "/v1/models/../../etc/passwd") == 404)
  }

  @Test func hostsAndOrigins() throws {
    #expect(try refusal("GET", "/v1/models", headers: ["Host": "evil.example"]) == 421)
    #expect(
      try refusal(
        "GET", "/v1/models", headers: ["Host": "127.0.0.1", "Origin": "http://evil.example"]) == 403
    )
    let own = ["Host": "localhost:8080", "Origin": "http://localhost:8080"]
    #expect(try served.ask("GET", "/v1/models", headers: own).status == 200)
  }

  @Test func typesAndSizes() throws {
    let body = Array("{}".utf8)
    #expect(try refusal("POST", "/v1/impute", body: body) == 415)
    #expect(
      try refusal("POST", "/v1/impute", headers: ["Content-Type": "text/plain"], body: body) == 415)
    #expect(
      try refusal(
        "POST", "/v1/impute", headers: ServedWorkplace.jsonHeaders,
        body: [UInt8](repeating: 32, count: 200_001)) == 413)
    #expect(
      try refusal(
        "POST", "/v1/impute", headers: ServedWorkplace.jsonHeaders, body: Array("{".utf8)) == 400)
    #expect(
      try refusal(
        "POST", "/v1/impute", headers: ["Content-Type": "multipart/form-data"], body: body) == 400)
    for form in [
      "--b", "--b\r\n", "--b\r\n\r\n\r\n--b--", "x--b\r\nA: b\r\n\r\n", "--b\r\n\r\n--b\r\n",
    ] {
      #expect(
        try refusal(
          "POST", "/v1/impute", headers: ["Content-Type": "multipart/form-data; boundary=b"],
          body: Array(form.utf8)) == 400)
    }
  }

  @Test func values() throws {
    let digit = try Requests.base64("fixtures/digits-holdout/\(Requests.digit)")
    let mask = try Requests.base64("fixtures/masks/\(Requests.digit)")
    let good: [(name: String, value: JSON)] = [("image", digit), ("mask", mask)]
    let bad: [[(name: String, value: JSON)]] = [
      [], [("image", digit)], [("image", .integer(1))], [("image", .text("?"))],
      [("image", .text(""))], [("image", .text("aGVsbG8="))], good + [("samples", .integer(0))],
      good + [("samples", .integer(65))], good + [("samples", .number(1.5))],
      good + [("seed", .integer(-1))], good + [("temperature", .integer(0))],
      good + [("temperature", .number(1e300))], good + [("class", .text("cat"))],
      good + [("other", .integer(1))], good + [("fill", .object([("sweeps", .integer(1))]))],
      good + [("fill", .object([("particles", .integer(257))]))],
      good + [("fill", .object([("particles", .integer(0))]))],
      good + [("fill", .object([("method", .text("magic"))]))],
      good + [("region", .text("center"))],
      good + [("uncertainty", .boolean(true))], [("image", digit), ("region", .text("0,0,99,99"))],
      [("image", digit), ("region", .text("\(Int.max),0,\(Int.max),1"))],
      [
        ("image", digit),
        ("mask", try Requests.base64("Documentation/pictures/\(Self.largePicture)")),
      ],
    ]
    for entries in bad {
      let status = try refusal("/v1/impute", .object(entries))
      #expect([413, 422].contains(status), "\(entries.map(\.name)): \(status)")
    }
    #expect(try refusal("/v1/impute", .object(good + [("model", .text("../secret"))])) == 404)
    #expect(try refusal("/v1/impute", .list([])) == 422)
    #expect(try refusal("/v1/embed", .object([("images", .list([digit]))])) == 422)
    #expect(try refusal("/v1/score", .object([("images", .list([]))])) == 422)
    #expect(try refusal("/v1/augment", .object([("count", .integer(1_000_000))])) == 422)
  }

  /// A head that claims more pixels than are allowed is refused before any is decoded.
  @Test func bombs() throws {
    var bytes = try FileSystem.readBytes(
      FileSystem.join(Workplace.repository, "fixtures/digits-holdout/\(Requests.digit)"))
    bytes.replaceSubrange(16..<24, with: [0, 0, 0x3f, 0xff, 0, 0, 0x3f, 0xff])
    let body = "--b\r\nContent-Disposition: form-data; name=image\r\n\r\n"
    let status = try refusal(
      "POST", "/v1/impute", headers: ["Content-Type": "multipart/form-data; boundary=b"],
      body: Array(body.utf8) + bytes + Array("\r\n--b--\r\n".utf8))
    #expect([413, 422].contains(status))
  }

  @Test func heads() throws {
    for text in [
      "GET\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: \(String(repeating: "x", count: 100_000))\r\n\r\n",
      "POST /v1/impute HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    ] {
      let connection = try served.connection()
      connection.send(Array(text.utf8))
      if let answer = try? connection.answer() {
        #expect((400..<500).contains(answer.status), "\(text.prefix(40))")
      }
    }
    #expect(try served.ask("GET", "/v1/models").status == 200)
    #expect(try served.ask("HEAD", "/v1/models").status == 200)
  }

  private static let largePicture = "filled-digits.png"
}
