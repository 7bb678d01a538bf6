import Files
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

extension Responder {
  /// The response to who asks for events: how far the work is, then what came of it.
  func events(_ work: WorkWatch, _ channel: any Channel) -> Response {
    var headers: HTTPFields = [
      .contentType: ServerSentEvent.contentType, .cacheControl: "no-store",
      .xContentTypeOptions: "nosniff",
    ]
    // Events are of no use once a proxy has gathered them.
    if let name = HTTPField.Name("X-Accel-Buffering") { headers[name] = "no" }
    let limit = closingUnlessTaken(channel)
    let body = ResponseBody { writer in
      limit.cancel()
      let clock = Task {
        while (try? await Task.sleep(for: Self.pause)) != nil { work.wake() }
      }
      defer { clock.cancel() }
      func send(_ bytes: [UInt8]) async throws {
        let limit = closingUnlessTaken(channel)
        defer { limit.cancel() }
        try await writer.write(ByteBuffer(bytes: bytes))
      }
      var told: [Int] = []
      var last = ContinuousClock.now
      while true {
        if let reply = work.reply {
          let name = reply.status == .ok ? "result" : "error"
          try await send(ServerSentEvent.bytes(name, reply.body))
          return try await writer.finish(nil)
        }
        if let ticket = work.ticket {
          let news = [ticket.rowsDone, ticket.rows, scheduler.count(before: ticket)]
          if news != told {
            try await send(ServerSentEvent.bytes("progress", Self.progress(news)))
            (told, last) = (news, .now)
          }
        }
        if last.duration(to: .now) > Self.longestSilence {
          try await send(ServerSentEvent.comment)
          last = .now
        }
        if work.reply == nil { await work.change() }
      }
    }
    return Response(status: .ok, headers: headers, body: body)
  }

  private static func progress(_ news: [Int]) -> [UInt8] {
    let names = ["rows_done", "rows", "requests_before"]
    return Array(
      JSON.object(zip(names, news).map { ($0, .integer($1)) }).line.utf8)
  }

  /// After which it is looked whether there is any news: turns may be short, and a few events a second are enough for anybody.
  private static let pause = Duration.milliseconds(200)
  /// After which a comment is sent.
  private static let longestSilence = Duration.seconds(10)
}
