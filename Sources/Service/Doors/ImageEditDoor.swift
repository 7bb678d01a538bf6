import Files
import Images
import Tasks

/// `/v1/images/edits`: as OpenAI's image edits; the hole is where the mask, or else the image, is transparent.
struct ImageEditDoor: Sendable {
  let desk: Desk

  /// What it takes; what has no meaning here is taken and passed over, as clients send it.
  static func fields(mostSamples: Int) -> [Field] {
    let ignored = [
      "prompt", "size", "quality", "background", "user", "output_format", "output_compression",
      "input_fidelity", "moderation", "partial_images", "stream",
    ]
    return [
      Field("image", .images, "The image, PNG or JPEG."),
      Field("image[]", .images, "The same, as some clients name it."),
      Field("mask", .image, "An image whose transparent pixels are the hole."),
      Field("n", .integer(1...mostSamples), "Answers.", standard: .integer(1)),
      Field(
        "response_format", .choice(["b64_json"]), "How answers are given: in base64.",
        standard: .text("b64_json")), .seed, .model, .className, .temperature,
    ] + ignored.map { Field($0, .text(most: 32_768), "Has no meaning here.") }
  }

  /// `POST /v1/images/edits`.
  func edit(_ call: Call, _ fields: [Field]) async throws -> Reply {
    let form = try call.form(fields)
    let images = form.images("image") + form.images("image[]")
    guard images.count == 1 else {
      throw Problem.unprocessable(
        "there are \(images.count) images", remedy: "send one, as 'image'")
    }
    let image = try desk.image(images[0], field: "image")
    let drawing = try form.images("mask").first.map { try desk.image($0, field: "mask") } ?? image
    guard let mask = Mask(alphaOf: drawing) else {
      throw Problem.unprocessable(
        "nothing is transparent, so that there is no hole",
        remedy: "send a PNG mask whose transparent pixels are the hole")
    }
    let model = try desk.models.model(form.text("model"))
    var hole = Desk.Hole(
      model: model, image: image, mask: mask, label: try model.label(form.text("class")))
    hole.samples = form.integer("n") ?? 1
    hole.seed = form.seed()
    hole.temperature = Float(form.number("temperature") ?? 1)
    var data: [JSON] = []
    for answer in try await desk.fill(hole, call).answers {
      data.append(
        .object([
          ("b64_json", try Desk.text(answer.image)),
          ("log_likelihood", .number(answer.logLikelihood)), ("exact", .boolean(answer.isExact)),
          ("method", .text(answer.method)),
        ]))
    }
    // The time would make two answers to one request differ.
    return Reply(
      .object([
        ("created", .integer(0)), ("model", .text(model.name)), ("seed", .unsigned(hole.seed)),
        ("data", .list(data)),
      ]))
  }
}
