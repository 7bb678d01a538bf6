import Files
import Platform
import TestSupport
import Testing

/// How the service runs: keys, queue, time, reloading, ending.
@Suite struct OperationTests {
  private func half(_ more: [(name: String, value: JSON)] = []) throws -> JSON {
    .object(
      [
        ("image", try Requests.base64("fixtures/digits-holdout/\(Requests.digit)")),
        ("region", .text("bottom-half")),
      ] + more)
  }

  @Test func otherMachinesNeedKeys() throws {
    let place = try Workplace()
    let refused = try place.lacuna.run(
      "serve", "--model", ServedWorkplace.shipped, "--host", "0.0.0.0", "--port", "0")
    #expect(refused.status == 64)
    #expect(refused.errors.contains("--api-key-file"))
    try place.folder.write("# ours\n0123456789abcdef\n", to: "keys.txt")
    try place.folder.write("0123\n", to: "short.txt")
    let short = try place.lacuna.run(
      "serve", "--model", ServedWorkplace.shipped, "--api-key-file", "short.txt", "--port", "0")
    #expect(short.status == 64)

    let served = try ServedWorkplace(["--api-key-file", "keys.txt"], in: place)
    let models = { (headers: [String: String]) in
      try served.ask("GET", "/v1/models", headers: headers).status
    }
    #expect(try models([:]) == 401)
    #expect(try models(["Authorization": "Bearer 0123456789abcdeX"]) == 401)
    #expect(try models(["Authorization": "Bearer 0123456789abcdef"]) == 200)
    #expect(try models(["X-API-Key": "0123456789abcdef"]) == 200)
    #expect(try served.ask("GET", "/v2/health/live").status == 200)
  }

  @Test func aFullQueueRefuses() throws {
    let served = try ServedWorkplace(["--queue-rows", "4"])
    let request = Array(try half().line.utf8)
    let connections = try (0..<40).map { _ in
      let connection = try served.connection()
      connection.send("POST", "/v1/impute", headers: ServedWorkplace.jsonHeaders, body: request)
      return connection
    }
    let answers = try connections.map { try $0.answer() }
    let (done, full) = (answers.filter { $0.status == 200 }, answers.filter { $0.status == 429 })
    #expect(done.count + full.count == answers.count)
    #expect(!done.isEmpty && !full.isEmpty)
    #expect(Set(done.map(\.body)).count == 1)
    for answer in full { #expect(answer.headers["retry-after"].flatMap { Int($0) } ?? 0 > 0) }
    let large = try served.post("/v1/impute", half([("samples", .integer(2))]))
    #expect(large.status == 422)
  }

  /// A request that takes too long is given up, and those behind it do not wait for the rest of it.
  @Test func lateAndAbandonedWorkIsDropped() throws {
    let served = try ServedWorkplace(["--timeout", "1", "--queue-rows", "1000000"])
    let long = JSON.object([
      ("image", try Requests.largeImage()), ("region", .text("0,0,256,256")),
      ("samples", .integer(64)), ("fill", .object([("method", .text("ordered"))])),
    ])
    let late = try served.post("/v1/impute", long)
    #expect(late.status == 504, "\(late.text.prefix(300))")
    try {
      let connection = try served.connection()
      connection.send(
        "POST", "/v1/impute", headers: ServedWorkplace.jsonHeaders, body: Array(long.line.utf8))
      usleep(100_000)
    }()
    #expect(try served.post("/v1/impute", half()).status == 200)
    var rows = -1
    for _ in 0..<100 where rows != 0 {
      usleep(20_000)
      let metrics = try served.ask("GET", "/metrics").text
      let line = metrics.split(separator: "\n").first { $0.hasPrefix("lacuna_queue_rows ") }
      rows = line?.split(separator: " ").last.flatMap { Int($0) } ?? -1
    }
    #expect(rows == 0)
  }

  /// Turns go by rows, so that a client who asks for little is answered beside one who asks for much; and what was taken on is
  /// done though the end is asked for.
  @Test func nobodyWaitsForALargeRequest() throws {
    let served = try ServedWorkplace(["--queue-rows", "100000"])
    let large = try served.connection()
    let request = try Requests.impute(
      samples: 64, more: [("fill", .object([("particles", .integer(256))]))])
    large.send(
      "POST", "/v1/impute", headers: ServedWorkplace.jsonHeaders, body: Array(request.line.utf8))
    usleep(100_000)
    for _ in 0..<3 { #expect(try served.post("/v1/impute", half()).status == 200) }
    #expect(large.isSilent)
    let result = try served.end()
    #expect(result.status == 0)
    #expect(try large.answer().status == 200)
  }

  @Test func aTakenPortIsSaid() throws {
    let served = try ServedWorkplace()
    let result = try served.workplace.lacuna.run(
      "serve", "--model", ServedWorkplace.shipped, "--port", "\(served.port)")
    #expect(result.status == 1)
    #expect(result.errors.contains("127.0.0.1:\(served.port)"))
    #expect(result.errors.contains("--port"))
  }

  @Test func endingAnswersWhatRuns() throws {
    let served = try ServedWorkplace()
    let request = Array(try half([("samples", .integer(64))]).line.utf8)
    let connections = try (0..<16).map { _ in
      let connection = try served.connection()
      connection.send("POST", "/v1/impute", headers: ServedWorkplace.jsonHeaders, body: request)
      return connection
    }
    // The first answer shows that the others are under way.
    #expect(try connections[0].answer().status == 200)
    let idle = try served.connection()
    let result = try served.end()
    #expect(result.status == 0, "\(result.errors)")
    for connection in connections.dropFirst() {
      #expect([200, 503].contains(try connection.answer().status))
    }
    #expect(idle.isClosed())
  }

  @Test func modelsAreReadAnew() throws {
    let place = try Workplace()
    try place.trainNaiveBayes("model.safetensors")
    let served = try ServedWorkplace(models: ["model.safetensors"], in: place)
    let before = try served.ask("GET", "/v1/models").json.line
    #expect(before.contains("naive-bayes"))
    // What cannot be read changes nothing.
    try place.folder.write("broken", to: "model.safetensors")
    served.process.send(SIGHUP)
    try wait(for: "models stay as they were", served)
    #expect(try served.ask("GET", "/v1/models").json.line == before)
    let bytes = try FileSystem.readBytes(
      FileSystem.join(Workplace.repository, ServedWorkplace.shipped))
    try place.folder.write(bytes, to: "model.safetensors")
    served.process.send(SIGHUP)
    try wait(for: "models read anew", served)
    #expect(try served.ask("GET", "/v1/models").json.line.contains("pixelcnn"))
  }

  private func wait(for text: String, _ served: ServedWorkplace) throws {
    for _ in 0..<2000 {
      if served.process.errorsSoFar.contains(text) { return }
      usleep(5000)
    }
    Issue.record("the log never says '\(text)': \(served.process.errorsSoFar)")
  }
}
