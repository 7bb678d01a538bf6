import Files
import HTTPTypes
import Images
import Tasks

/// `/api/v1/inpaint`: as IOPaint's; two pictures in base64, the hole is white, and the answer is a picture.
struct InpaintDoor: Sendable {
  let desk: Desk

  /// The values that have a meaning here; all others that clients of it send are passed over.
  static let schema = JSON.object([
    ("type", .text("object")),
    (
      "properties",
      .object([
        ("image", Field("image", .image, "The image.").schema(isForm: false)),
        (
          "mask",
          Field("mask", .image, "White where pixels are missing.").schema(isForm: false)
        ),
        ("sd_seed", .object([("type", .text("integer"))])),
      ])
    ),
    ("required", .list([.text("image"), .text("mask")])),
  ])

  private static let fields = [
    Field("image", .image, "An image in base64.", isRequired: true),
    Field("mask", .image, "An image in base64, white where pixels are missing.", isRequired: true),
  ]

  /// `POST /api/v1/inpaint`.
  func inpaint(_ call: Call) async throws -> Reply {
    let document = try Form.document(call.body)
    let names = Self.fields.map(\.name)
    guard case .object(let entries) = document else {
      throw Problem.unprocessable("the body is no JSON object", remedy: "send image and mask")
    }
    let form = try Form(Self.fields, json: .object(entries.filter { names.contains($0.name) }))
    let image = try desk.image(form, "image")
    let drawing = try desk.image(form, "mask").composited(over: 0).converted(to: .grey)
    let mask = Mask(
      width: drawing.width, height: drawing.height, missing: drawing.pixels.map { $0 > 127 })
    var hole = Desk.Hole(model: try desk.models.model(nil), image: image, mask: mask)
    // Its clients send -1 for any.
    hole.seed = document["sd_seed"].flatMap { UInt64($0.line) } ?? 0
    guard let answer = try await desk.fill(hole, call).answers.first else { throw Problem.closing }
    var headers: HTTPFields = [:]
    headers[Self.header("X-Seed")] = "\(hole.seed)"
    headers[Self.header("X-Log-Likelihood")] = "\(answer.logLikelihood)"
    headers[Self.header("X-Exactness")] = answer.isExact ? "exact" : "approximate"
    return Reply(try Desk.png(answer.image), type: "image/png", headers: headers)
  }

  private static func header(_ name: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no name") }
    return name
  }
}
