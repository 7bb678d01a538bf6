import Files
import Platform
import TestSupport
import Testing

/// Progress of long work as server-sent events.
@Suite struct EventTests {
  private static let headers = ServedWorkplace.jsonHeaders.merging(
    ["Accept": "application/json;q=0.5, text/event-stream"]) { $1 }

  /// Events by name, with their data, comments left out.
  private func events(_ answer: HTTPConnection.Answer) -> [(name: String, data: String)] {
    answer.text.split(separator: "\n\n").compactMap { event in
      let lines = event.split(separator: "\n", omittingEmptySubsequences: false)
      guard lines.count == 2, lines[0].hasPrefix("event: "), lines[1].hasPrefix("data: ") else {
        return nil
      }
      return (String(lines[0].dropFirst(7)), String(lines[1].dropFirst(6)))
    }
  }

  private func ask(
    _ path: String, _ json: JSON, _ served: ServedWorkplace
  ) throws -> HTTPConnection.Answer {
    try served.ask("POST", path, headers: Self.headers, body: Array(json.line.utf8))
  }

  /// Work of some seconds: many particles.
  private func long(samples: Int) throws -> JSON {
    try Requests.impute(
      samples: samples, more: [("fill", .object([("particles", .integer(256))]))])
  }

  @Test func theResultIsThePlainAnswer() throws {
    let served = try ServedWorkplace(["--queue-rows", "100000"])
    let requests: [(path: String, body: JSON)] = [
      ("/v1/impute", try long(samples: 16)),
      ("/v1/augment", .object([("count", .integer(3)), ("seed", .integer(5))])),
    ]
    for request in requests {
      let answer = try ask(request.path, request.body, served)
      #expect(answer.status == 200)
      #expect(answer.headers["content-type"] == "text/event-stream")
      let events = events(answer)
      let plain = try served.post(request.path, request.body)
      #expect(plain.headers["content-type"] == "application/json")
      #expect(events.last?.name == "result")
      #expect(events.last?.data == plain.text, "\(request.path)")
      #expect(events.dropLast().allSatisfy { $0.name == "progress" })
    }
  }

  @Test func progressGrows() throws {
    let served = try ServedWorkplace(["--queue-rows", "100000", "--threads", "1"])
    let events = events(try ask("/v1/impute", try long(samples: 64), served))
    let progress = try events.dropLast().map { try JSON(reading: $0.data) }
    let done = progress.compactMap { $0["rows_done"]?.asNumber }
    #expect(done.count > 2 && done.first == 0 && done.count == progress.count)
    #expect(zip(done, done.dropFirst()).allSatisfy { $0 < $1 })
    #expect(progress.allSatisfy { $0["rows"]?.asNumber == 64 * 256 })
    #expect(progress.allSatisfy { $0["requests_before"]?.asNumber == 0 })
  }

  @Test func thePlaceInTheQueueIsTold() throws {
    let served = try ServedWorkplace(["--queue-rows", "100000", "--threads", "1"])
    let large = try served.connection()
    large.send(
      "POST", "/v1/impute", headers: ServedWorkplace.jsonHeaders,
      body: Array(try long(samples: 64).line.utf8))
    usleep(100_000)
    let first = try #require(
      events(try ask("/v1/impute", try long(samples: 1), served)).first)
    #expect(try JSON(reading: first.data)["requests_before"]?.asNumber == 1)
  }

  /// What cannot be done is refused by its status; what fails later is an event.
  @Test func refusalsHaveTheirStatus() throws {
    let served = try ServedWorkplace(["--timeout", "1", "--queue-rows", "1000000"])
    let refused = try ask("/v1/impute", .object([("region", .text("center"))]), served)
    #expect(refused.status == 422)
    #expect(refused.headers["content-type"] == "application/problem+json")
    let long = JSON.object([
      ("image", try Requests.largeImage()), ("region", .text("0,0,256,256")),
      ("samples", .integer(64)), ("fill", .object([("method", .text("ordered"))])),
    ])
    let late = try ask("/v1/impute", long, served)
    #expect(late.status == 200)
    let last = try #require(events(late).last)
    #expect(last.name == "error")
    #expect(try JSON(reading: last.data)["status"]?.asNumber == 504)
    // Somebody who does not ask for them gets none, and a route that takes no time has none.
    #expect(
      try ask("/v1/embed", .object([("images", .list([]))]), served)
        .headers["content-type"] == "application/problem+json")
    let plain = try served.ask(
      "POST", "/v1/augment",
      headers: ServedWorkplace.jsonHeaders.merging(["Accept": "*/*, text/event-stream;q=0"]) {
        $1
      }, body: Array("{}".utf8))
    #expect(plain.headers["content-type"] == "application/json")
  }

  @Test func whoLeavesIsForgotten() throws {
    let served = try ServedWorkplace(["--queue-rows", "100000", "--threads", "1"])
    try {
      let connection = try served.connection()
      connection.send(
        "POST", "/v1/impute", headers: Self.headers, body: Array(try long(samples: 64).line.utf8))
      // The first event shows that it is under way.
      while try !String(decoding: connection.line(), as: UTF8.self).hasPrefix("event:") {}
    }()
    var rows = ""
    for _ in 0..<200 where rows != "lacuna_queue_rows 0" {
      usleep(10_000)
      let lines = try served.ask("GET", "/metrics").text.split(separator: "\n")
      rows = lines.first { $0.hasPrefix("lacuna_queue_rows ") }.map(String.init) ?? ""
    }
    #expect(rows == "lacuna_queue_rows 0")
    for _ in 0..<200 where !served.process.errorsSoFar.contains("499") { usleep(10_000) }
    #expect(served.process.errorsSoFar.contains("POST /v1/impute 499"))
  }
}
