import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// Reads bodies: so many bytes, in so much time.
struct RequestReader: Sendable {
  let maximumBody: Int
  let seconds: Int
  /// Bodies that are read and not answered yet take of it.
  let budget: ByteBudget

  /// Whether a request brings a body.
  static func hasBody(_ head: HTTPRequest) -> Bool {
    head.headerFields[.transferEncoding] != nil
      || (head.headerFields[.contentLength].flatMap { Int($0) } ?? 0) > 0
  }

  /// The body of a request.
  ///
  /// - Throws: `Problem` where it is too large, too slow or breaks off.
  ///
  /// Its bytes are the budget's until `release(_:)`.
  func body(of request: Request) async throws(Problem) -> [UInt8] {
    var bytes: [UInt8] = []
    do throws(Problem) {
      try await read(request, into: &bytes)
      return bytes
    } catch {
      release(bytes.count)
      throw error
    }
  }

  /// Gives the memory of a body back to the budget.
  func release(_ count: Int) { budget.giveBack(count) }

  private func read(_ request: Request, into bytes: inout [UInt8]) async throws(Problem) {
    let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
    guard announced <= maximumBody else { throw tooLarge }
    let deadline = ContinuousClock.now + .seconds(seconds)
    do {
      for try await buffer in request.body {
        guard bytes.count + buffer.readableBytes <= maximumBody else { throw tooLarge }
        guard ContinuousClock.now < deadline else {
          throw Problem(
            .requestTimeout, "the body did not come in \(seconds) seconds",
            remedy: "send it at once")
        }
        guard budget.take(buffer.readableBytes) else {
          throw Problem(
            .serviceUnavailable, "too many bodies are being read", remedy: "try again in a moment",
            headers: [.retryAfter: "1"])
        }
        bytes += buffer.readableBytesView
      }
    } catch let problem as Problem {
      throw problem
    } catch {
      throw .badRequest("the body breaks off", remedy: "send all of it")
    }
    guard request.headers[.transferEncoding] != nil || bytes.count == announced else {
      throw .clientLeft
    }
  }

  private var tooLarge: Problem {
    Problem(
      .contentTooLarge, "the body has more than \(maximumBody) bytes",
      remedy: "send less; the operator sets the limit by --max-body")
  }
}
