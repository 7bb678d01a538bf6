import Files
import TestSupport
import Testing

/// The law of the service: same request, same bytes, in any company, and those that the command writes.
@Suite struct SameBytesTests {
  @Test func answersAreTheCommands() throws {
    let served = try ServedWorkplace()
    let place = served.workplace
    let result = try place.lacuna.run(
      "impute", "fixtures/digits-holdout", "--masks", "fixtures/masks", "--model",
      ServedWorkplace.shipped, "--samples", "3", "--seed", "7", "--mean", "--uncertainty",
      "--output", "filled")
    #expect(result.status == 0)
    for name in ["digit3-01.png", "digit8-02.png"] {
      let answer = try served.post(
        "/v1/impute",
        Requests.impute(
          name, samples: 3, seed: 7,
          more: [("mean", .boolean(true)), ("uncertainty", .boolean(true))]))
      #expect(answer.status == 200)
      let stem = FileSystem.withoutExtension(name)
      let images = Requests.images(answer.json)
      #expect(images.count == 3)
      for (sample, image) in images.enumerated() {
        #expect(try image == place.bytes("filled/\(stem).\(sample + 1).png"))
      }
      for extra in ["mean", "uncertainty"] {
        let image = answer.json[extra]?.asText.flatMap(Requests.bytes)
        #expect(try image == place.bytes("filled/\(stem).\(extra).png"))
      }
      let rows = try place.text("filled/completions.csv").split(separator: "\n")
      let row = try #require(rows.first { $0.hasPrefix("\(name),\(stem).1.png") })
      let likelihood = try #require(
        row.split(separator: ",").dropFirst(4).first.flatMap { Double($0) })
      guard case .list(let answers)? = answer.json["answers"],
        let own = answers.first?["log_likelihood_nats"]?.asNumber
      else {
        Issue.record("no answers")
        return
      }
      #expect(abs(own - likelihood) < 1e-6)
    }
  }

  @Test func companyChangesNothing() throws {
    let served = try ServedWorkplace()
    let requests = try (0..<24).map { number in
      try Requests.impute(
        "digit\(number % 10)-01.png", samples: number % 3 + 1, seed: number / 10,
        more: number % 4 == 3 ? [("temperature", .number(0.5))] : [])
    }
    let alone = try requests.map { try served.post("/v1/impute", $0).body }
    #expect(Set(alone).count == requests.count)
    let connections = try requests.map { request in
      let connection = try served.connection()
      connection.send(
        "POST", "/v1/impute", headers: ServedWorkplace.jsonHeaders, body: Array(request.line.utf8))
      return connection
    }
    let together = try connections.map { try $0.answer().body }
    #expect(together == alone)
  }

  /// Samples of one hole share what they know of it, however many turns they are drawn in.
  @Test func turnsChangeNothing() throws {
    let served = try ServedWorkplace(["--threads", "1", "--queue-rows", "65536"])
    let place = served.workplace
    _ = try place.lacuna.run(
      "impute", "fixtures/digits-holdout/\(Requests.digit)", "--masks",
      "fixtures/masks/\(Requests.digit)", "--model", ServedWorkplace.shipped, "--samples", "9",
      "--output", "filled")
    let answer = try served.post("/v1/impute", Requests.impute(samples: 9))
    let stem = FileSystem.withoutExtension(Requests.digit)
    let rows = try place.text("filled/completions.csv").split(separator: "\n").dropFirst()
    guard case .list(let answers)? = answer.json["answers"] else {
      Issue.record("no answers: \(answer.text)")
      return
    }
    #expect(answers.count == 9 && rows.count == 9)
    for (sample, (own, row)) in zip(answers, rows).enumerated() {
      #expect(
        try Requests.images(answer.json)[sample] == place.bytes("filled/\(stem).\(sample + 1).png"))
      let likelihood = try #require(Double(row.split(separator: ",")[4]))
      #expect(abs((own["log_likelihood_nats"]?.asNumber ?? 0) - likelihood) < 1e-6)
    }
  }

  @Test func drawnImagesAreTheCommands() throws {
    let served = try ServedWorkplace()
    let place = served.workplace
    let result = try place.lacuna.run(
      "augment", "fixtures/digits", "--model", ServedWorkplace.shipped, "--per-class", "2",
      "--seed", "3", "--allow-copies", "--output", "drawn")
    #expect(result.status == 0, "\(result.errors)")
    let answer = try served.post(
      "/v1/augment",
      .object([("count", .integer(2)), ("class", .text("4")), ("seed", .integer(3))]))
    let images = Requests.images(answer.json, "images")
    #expect(images.count == 2)
    let listing = try place.text("drawn/manifest.csv").split(separator: "\n").dropFirst()
    let files = listing.compactMap { $0.split(separator: ",").first.map(String.init) }
      .filter { $0.hasPrefix("4/") }
    #expect(files.count == 2)
    for (image, file) in zip(images, files) { #expect(try image == place.bytes("drawn/\(file)")) }
  }

  @Test func featuresAndScoresAreTheCommands() throws {
    let place = try Workplace()
    try place.trainAutoencoder()
    let served = try ServedWorkplace(
      models: [ServedWorkplace.shipped, "encoder.safetensors"], in: place)
    _ = try place.lacuna.run(
      "embed", "fixtures/digits-holdout", "--model", "encoder.safetensors", "--output",
      "features.csv")
    let name = "digit3-01.png"
    let image = try Requests.base64("fixtures/digits-holdout/\(name)")
    let answer = try served.post(
      "/v1/embed", .object([("images", .list([image])), ("model", .text("encoder"))]))
    guard case .list(let rows)? = answer.json["images"],
      case .list(let values)? = rows.first?["features"]
    else {
      Issue.record("no features: \(answer.text)")
      return
    }
    let lines = try place.text("features.csv").split(separator: "\n")
    let line = try #require(lines.first { $0.hasPrefix(name) })
    let numbers = line.split(separator: ",").suffix(values.count).compactMap { Float($0) }
    #expect(values.compactMap { $0.asNumber.map { Float($0) } } == numbers)

    let whole = try place.lacuna.run(
      "evaluate", "likelihood", "fixtures/digits-holdout/\(name)", "--model",
      ServedWorkplace.shipped, "--json")
    let score = try served.post("/v1/score", .object([("images", .list([image]))]))
    guard case .list(let scores)? = score.json["log_likelihoods_nats"],
      let own = scores.first?.asNumber
    else {
      Issue.record("no scores: \(score.text)")
      return
    }
    let report = try JSON(reading: whole.output)
    let nats = try #require(report["nats"]?.asNumber)
    #expect(abs(own + nats) < 1e-6)
  }
}
