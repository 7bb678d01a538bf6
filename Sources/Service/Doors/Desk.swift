import Files
import HTTPTypes
import Images
import Models
import Tasks
import Tensors
import Training

/// What all doors do alike: find the model, decode images within the limits, and hand work to the queue.
struct Desk: Sendable {
  let options: ServiceOptions
  let models: ModelShelf
  let scheduler: Scheduler
  let metrics: Metrics
  let context: Context

  /// The image in some bytes; pixels are counted before any is decoded.
  func image(_ bytes: [UInt8], field: String) throws(Problem) -> Image {
    let limits = ImageLimits(
      maximumSide: min(16_384, options.maximumPixels), maximumPixels: options.maximumPixels,
      maximumFileSize: options.maximumBody)
    do {
      return try ImageDecoder(limits: limits).decode(bytes, path: field)
    } catch {
      throw Problem(error, field: field)
    }
  }

  /// The one image of a field that is required.
  func image(_ form: Form, _ field: String) throws(Problem) -> Image {
    guard let bytes = form.images(field).first else {
      throw .unprocessable("'\(field)' is missing", remedy: "send a PNG or JPEG image")
    }
    return try image(bytes, field: field)
  }

  /// The bytes of an image as PNG, in the format that commands write.
  static func png(_ image: Image) throws(Problem) -> [UInt8] {
    try png(image, as: image.encoding(.png))
  }

  /// The bytes of a drawn image, as `augment` writes them.
  static func plainPNG(_ image: Image) throws(Problem) -> [UInt8] {
    try png(image, as: .png)
  }

  private static func png(
    _ image: Image, as format: ImageEncoder.Format
  ) throws(Problem) -> [UInt8] {
    do {
      return try ImageEncoder.encode(image, as: format)
    } catch {
      throw Problem(
        .serviceUnavailable, "the answer does not fit into memory", remedy: "try again later")
    }
  }

  /// The bytes of an image as PNG, in base64.
  static func text(_ image: Image) throws(Problem) -> JSON { .text(Base64.text(try png(image))) }

  /// Does some work on the compute thread.
  func answer(
    _ work: Ticket.Work, _ lane: LaneKey, rows: Int, ofStep: Int = 1, _ call: Call
  ) async throws(Problem) -> Ticket.Answer {
    try await scheduler.answer(
      Ticket(work, lane, rows: rows, ofStep: ofStep, client: call.client), by: call.deadline,
      call.connection, call.watch)
  }
}
