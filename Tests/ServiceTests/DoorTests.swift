import Files
import Images
import TestSupport
import Testing

/// Every door leads to the same engines: the same hole gets the same bytes at each.
@Suite struct DoorTests {
  private static let boundary = "a boundary"

  private func form(_ parts: [(name: String, content: [UInt8])]) -> [UInt8] {
    parts.flatMap { part in
      Array(
        "--\(Self.boundary)\r\nContent-Disposition: form-data; name=\"\(part.name)\"; filename=\"x\"\r\n\r\n"
          .utf8) + part.content + Array("\r\n".utf8)
    } + Array("--\(Self.boundary)--\r\n".utf8)
  }

  private let formHeaders = ["Content-Type": "multipart/form-data; boundary=\"\(boundary)\""]

  private func fixture(_ path: String) throws -> [UInt8] {
    try FileSystem.readBytes(FileSystem.join(Workplace.repository, "fixtures/\(path)"))
  }

  /// The answers of `/v1/impute` to the shipped digit, under the name of a picture that has none.
  private func expected(_ served: ServedWorkplace, samples: Int = 2) throws -> [[UInt8]] {
    let request = try Requests.impute(
      samples: samples, more: [("name", .text("image.png"))])
    return Requests.images(try served.post("/v1/impute", request).json)
  }

  @Test func formsAreDocuments() throws {
    let served = try ServedWorkplace()
    let body = form([
      ("image", try fixture("digits-holdout/\(Requests.digit)")),
      ("mask", try fixture("masks/\(Requests.digit)")), ("samples", Array("2".utf8)),
      ("fill", Array("particles=64".utf8)),
    ])
    let answer = try served.ask("POST", "/v1/impute", headers: formHeaders, body: body)
    #expect(Requests.images(answer.json) == (try expected(served)))
  }

  @Test func inpainting() throws {
    let served = try ServedWorkplace()
    let answer = try served.post(
      "/api/v1/inpaint",
      .object([
        ("image", try Requests.base64("fixtures/digits-holdout/\(Requests.digit)")),
        ("mask", try Requests.base64("fixtures/masks/\(Requests.digit)")),
        ("sd_seed", .integer(-1)), ("prompt", .text("")),
      ]))
    #expect(answer.headers["content-type"] == "image/png")
    #expect(answer.headers["x-seed"] == "0")
    #expect(answer.body == (try expected(served, samples: 1)[0]))
  }

  @Test func imageEdits() throws {
    let served = try ServedWorkplace()
    let mask = DrawnMask(
      try ImageDecoder().decode(fixture("masks/\(Requests.digit)"), path: "mask"), missing: .white
    ).mask
    let drawing = Image(
      width: mask.width, height: mask.height, format: .greyAlpha,
      pixels: mask.missing.flatMap { [UInt8(0), $0 ? 0 : 255] })
    let body = form([
      ("image[]", try fixture("digits-holdout/\(Requests.digit)")),
      ("mask", try ImageEncoder.encode(drawing, as: .png)), ("n", Array("2".utf8)),
      ("prompt", Array("a digit".utf8)),
    ])
    let answer = try served.ask("POST", "/v1/images/edits", headers: formHeaders, body: body)
    guard case .list(let data)? = answer.json["data"] else {
      Issue.record("no data: \(answer.text)")
      return
    }
    let images = data.compactMap { $0["b64_json"]?.asText.flatMap(Requests.bytes) }
    #expect(images == (try expected(served)))
    let nothing = try served.ask(
      "POST", "/v1/images/edits", headers: formHeaders, body: form([("prompt", [])]))
    #expect(nothing.status == 422)
    #expect(nothing.json["error"]?["message"]?.asText?.isEmpty == false)
  }

  @Test func inference() throws {
    let served = try ServedWorkplace()
    let image = try ImageDecoder().decode(
      fixture("digits-holdout/\(Requests.digit)"), path: "image")
    let mask = DrawnMask(
      try ImageDecoder().decode(fixture("masks/\(Requests.digit)"), path: "mask"), missing: .white)
    let document = JSON.object([
      (
        "inputs",
        .list([
          tensor("image", "UINT8", [1, 8, 8, 1], binary: 64),
          tensor("mask", "BOOL", [8, 8], binary: 64),
        ])
      ), ("parameters", .object([("samples", .integer(2))])),
    ])
    let head = Array(document.line.utf8)
    let path = "/v2/models/digits-pixelcnn/infer"
    let answer = try served.ask(
      "POST", path, headers: ["Inference-Header-Content-Length": "\(head.count)"],
      body: head + image.pixels + mask.mask.missing.map { $0 ? 1 : 0 })
    guard case .list(let outputs)? = answer.json["outputs"],
      case .list(let values)? = outputs.first?["data"]
    else {
      Issue.record("no outputs: \(answer.text)")
      return
    }
    let expected = try expected(served).flatMap { try ImageDecoder().decode($0, path: "").pixels }
    #expect(values.compactMap { $0.asNumber.map { UInt8($0) } } == expected)
    let bad: [JSON] = [
      .object([]), .object([("inputs", .list([.integer(1)]))]),
      .object([("inputs", .list([tensor("image", "UINT8", [1 << 62, 8], binary: 4)]))]),
      .object([("inputs", .list([tensor("image", "FP64", [2, 2], binary: 0)]))]),
      .object([("inputs", .list([tensor("image", "UINT8", [], binary: 0)]))]),
      .object([("inputs", .list([tensor("image", "UINT8", [8, 8], binary: 1 << 40)]))]),
    ]
    for document in bad {
      let refused = try served.ask("POST", path, body: Array(document.line.utf8))
      #expect(refused.status == 400, "\(document.line)")
      #expect(refused.json["error"]?.asText?.isEmpty == false)
    }
  }

  private func tensor(_ name: String, _ type: String, _ shape: [Int], binary: Int) -> JSON {
    .object([
      ("name", .text(name)), ("datatype", .text(type)),
      ("shape", .list(shape.map(JSON.integer))),
      ("parameters", .object([("binary_data_size", .integer(binary))])),
    ])
  }

  @Test func embeddingProtocol() throws {
    let place = try Workplace()
    try place.trainAutoencoder()
    let served = try ServedWorkplace(
      models: [ServedWorkplace.shipped, "encoder.safetensors"], in: place)
    let description = try served.ask("GET", "/v1/describe").json
    #expect(description["dimension"]?.asNumber == 4)
    let image = try fixture("digits-holdout/\(Requests.digit)")
    let answer = try served.ask(
      "POST", "/v1/embed/images/bytes", headers: formHeaders,
      body: form([("files", image), ("files", Array("broken".utf8)), ("files", image)]))
    #expect(answer.json["kept_indices"] == .list([.integer(0), .integer(2)]))
    #expect(answer.json["space_key"] == description["space_key"])
    let none = try ServedWorkplace().ask("GET", "/v1/describe")
    #expect(none.status == 404)
  }

  /// The page asks nobody else, and may be framed by nobody.
  @Test func thePageKeepsToItself() throws {
    let served = try ServedWorkplace()
    for (path, type) in [
      ("/", "text/html"), ("/page.js", "text/javascript"), ("/page.css", "text/css"),
    ] {
      let answer = try served.ask("GET", path)
      #expect(answer.status == 200)
      #expect(answer.headers["content-type"]?.hasPrefix(type) == true)
      #expect(answer.headers["content-security-policy"]?.contains("default-src 'none'") == true)
      #expect(!answer.text.contains("http://") && !answer.text.contains("https://"))
    }
  }

  /// The document names every route that answers, and every field is documented.
  @Test func theDocumentIsWhole() throws {
    let served = try ServedWorkplace()
    let document = try served.ask("GET", "/openapi.json").json
    #expect(document["openapi"]?.asText == "3.1.0")
    guard case .object(let paths)? = document["paths"] else {
      Issue.record("no paths")
      return
    }
    #expect(paths.count >= 20)
    for (path, value) in paths {
      guard case .object(let operations) = value else { continue }
      let concrete = path.replacing("{model}", with: "digits-pixelcnn")
      for method in operations.map(\.name) {
        let answer = try served.ask(method.uppercased(), concrete)
        #expect(answer.status != 405, "\(method) \(path)")
        #expect(answer.status != 404 || path == "/v1/describe", "\(method) \(path)")
      }
    }
  }
}
