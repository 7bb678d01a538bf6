import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// Reads bodies: so many bytes, in so much time.
struct RequestReader: Sendable {
  let maximumBody: Int
  let seconds: Int

  /// Whether a request brings a body.
  static func hasBody(_ head: HTTPRequest) -> Bool {
    head.headerFields[.transferEncoding] != nil
      || (head.headerFields[.contentLength].flatMap { Int($0) } ?? 0) > 0
  }

  /// The body of a request.
  ///
  /// - Throws: `Problem` where it is too large, too slow or breaks off.
  func body(of request: Request) async throws(Problem) -> [UInt8] {
    let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
    guard announced <= maximumBody else { throw tooLarge }
    let deadline = ContinuousClock.now + .seconds(seconds)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(announced)
    do {
      for try await buffer in request.body {
        guard bytes.count + buffer.readableBytes <= maximumBody else { throw tooLarge }
        guard ContinuousClock.now < deadline else {
          throw Problem(
            .requestTimeout, "the body did not come in \(seconds) seconds",
            remedy: "send it at once")
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
    return bytes
  }

  private var tooLarge: Problem {
    Problem(
      .contentTooLarge, "the body has more than \(maximumBody) bytes",
      remedy: "send less; the operator sets the limit by --max-body")
  }
}
