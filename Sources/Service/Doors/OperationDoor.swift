import Files
import HTTPTypes
import Training

/// What operators ask: health, numbers, and what there is.
struct OperationDoor: Sendable {
  let desk: Desk

  /// `GET /v2/health/live`: the process answers.
  func live() -> Reply { Reply(.object([("live", .boolean(true))])) }

  /// `GET /v2/health/ready`: models are loaded, and new work is taken.
  func ready() throws(Problem) -> Reply {
    guard !desk.scheduler.isClosing else { throw .closing }
    return Reply(.object([("ready", .boolean(true))]))
  }

  /// `GET /metrics`.
  func metrics() -> Reply {
    Reply(
      Array(
        desk.metrics.text(
          queue: desk.scheduler.load, capacity: desk.scheduler.capacity,
          models: desk.models.all.count
        ).utf8), type: "text/plain; version=0.0.4; charset=utf-8")
  }
}
