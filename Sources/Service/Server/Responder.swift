import Files
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Training

/// A request that is being answered, as the log knows it.
struct Visit: Sendable {
  let head: HTTPRequest
  let start = ContinuousClock.now
  /// The route's path.
  var label = "other"
  var client: Client?
}

/// Turns requests into responses: looks who asks, finds the route, reads the body, answers, and notes it.
struct Responder: Sendable {
  let routes: [Route]
  let guardian: Guardian
  let reader: RequestReader
  let log: RequestLog
  let metrics: Metrics
  let timeout: Int
  let scheduler: Scheduler

  /// The response to a request.
  func respond(to request: Request, _ channel: any Channel) async -> Response {
    let connection = try? await channel.pipeline.handler(type: ConnectionWatch.self).get()
    let watch = connection ?? ConnectionWatch()
    var visit = Visit(head: request.head)
    var isUnread = RequestReader.hasBody(request.head)
    let outcome: Result<Reply, Problem>
    do throws(Problem) {
      try guardian.check(request.head)
      let (route, parameters) = try find(request.head)
      visit.label = route.path
      visit.client = try guardian.client(of: request.head, watch, isOpen: route.isOpen)
      var body: [UInt8] = []
      if case .none = route.body {
      } else {
        try check(route.body, request.head)
        body = try await reader.body(of: request)
        isUnread = false
      }
      var call = Call(
        head: request.head, parameters: parameters, body: body,
        client: visit.client ?? .connection(watch.number), connection: watch,
        deadline: visit.start + .seconds(timeout))
      if route.streams, ServerSentEvent.isWanted(by: request.head) {
        let work = WorkWatch()
        call.watch = work
        Task { [call, visit] in work.finish(note(await answer(route, call), visit)) }
        await work.whenBegun()
        // What is refused at once is refused by its status.
        if let reply = work.reply, reply.status != .ok {
          return response(reply, request.head, channel, closing: false)
        }
        return events(work, channel)
      }
      outcome = await answer(route, call)
    } catch {
      outcome = .failure(error)
    }
    return response(note(outcome, visit), request.head, channel, closing: isUnread)
  }

  /// What a route makes of a request; the memory of its body is free again then.
  private func answer(_ route: Route, _ call: Call) async -> Result<Reply, Problem> {
    defer { reader.release(call.body.count) }
    do {
      return .success(try await route.handle(call))
    } catch let problem as Problem {
      return .failure(problem)
    } catch {
      return .failure(
        Problem(
          .internalServerError, "the service has failed at this request",
          remedy: "tell its operator, who finds the reason in the log"))
    }
  }

  /// Logs and counts what came of a request, and gives the answer.
  func note(_ outcome: Result<Reply, Problem>, _ visit: Visit) -> Reply {
    let (reply, reason): (Reply, String?) =
      switch outcome {
      case .success(let reply): (reply, nil)
      case .failure(let problem): (Reply(problem, at: visit.head.path ?? ""), problem.reason)
      }
    let seconds = visit.start.duration(to: .now).inSeconds
    log.answered(
      visit.head, reply.status, seconds: seconds, bytes: reply.body.count, client: visit.client,
      reason: reason)
    metrics.answered(visit.label, status: reply.status.code, seconds: seconds)
    return reply
  }

  /// The route of a request.
  private func find(_ head: HTTPRequest) throws(Problem) -> (Route, [String: String]) {
    let path = (head.path ?? "/").prefix { $0 != "?" }
    let segments = path.split(separator: "/")
    let method = head.method == .head ? .get : head.method
    var allowed: [String] = []
    for route in routes {
      guard let parameters = route.match(segments) else { continue }
      if route.method == method { return (route, parameters) }
      allowed.append(route.method.rawValue)
      if route.method == .get { allowed.append("HEAD") }
    }
    guard !allowed.isEmpty else {
      throw Problem(
        .notFound, "there is nothing at this path", remedy: "see /openapi.json for what there is")
    }
    throw Problem(
      .methodNotAllowed, "this path does not take \(head.method.rawValue)",
      remedy: "send \(allowed.joined(separator: " or "))",
      headers: [.allow: allowed.joined(separator: ", ")])
  }

  /// Makes sure of a body's type before it is read: a page of another site can send a few types without asking.
  private func check(_ body: Route.Body, _ head: HTTPRequest) throws(Problem) {
    let types = body.contentTypes
    let given = head.headerFields[.contentType].map { HeaderValue($0).value }
    guard !types.isEmpty, !types.contains(given ?? "") else { return }
    throw Problem(
      .unsupportedMediaType,
      given.map { "the body's type is '\($0.prefix(100))'" } ?? "the body has no Content-Type",
      remedy: "send \(types.joined(separator: " or "))")
  }

  private func response(
    _ reply: Reply, _ head: HTTPRequest, _ channel: any Channel, closing: Bool
  ) -> Response {
    var headers = reply.headers
    headers[.xContentTypeOptions] = "nosniff"
    if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
    // Who is told keeps its next request for another connection: on this one it would meet its end.
    if closing || scheduler.isClosing { headers[.connection] = "close" }
    let bytes = head.method == .head ? [] : reply.body
    let limit = closingUnlessTaken(channel)
    let body = ResponseBody(contentLength: reply.body.count) { writer in
      if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
      try await writer.finish(nil)
      limit.cancel()
      // What is left of a body is read and forgotten for a moment, in which the client can take the answer.
      if closing {
        channel.eventLoop.scheduleTask(in: .milliseconds(300)) { channel.close(promise: nil) }
      }
    }
    return Response(status: reply.status, headers: headers, body: body)
  }

  /// Closes the connection of a client that does not take what it is sent, unless that is called off.
  func closingUnlessTaken(_ channel: any Channel) -> Scheduled<Void> {
    channel.eventLoop.scheduleTask(in: .seconds(Int64(reader.seconds))) {
      channel.close(promise: nil)
    }
  }
}

extension Route.Body {
  /// The types that a body may have; empty where any will do.
  var contentTypes: [String] {
    switch self {
    case .none: []
    case .document(_, let types): types
    case .fields: ["application/json", "multipart/form-data"]
    case .form: ["multipart/form-data"]
    }
  }
}
