import Files
import Images
import Models
import Tasks
import Training

extension NativeDoor {
  /// `POST /v1/impute`.
  func impute(_ call: Call, _ fields: [Field]) async throws -> Reply {
    let form = try call.form(fields)
    let model = try desk.models.model(form.text("model"))
    let image = try desk.image(form, "image")
    var hole = Desk.Hole(
      model: model, image: image, mask: try mask(form, image),
      label: try model.label(form.text("class")))
    hole.name = form.text("name") ?? Desk.Hole.standardName
    hole.samples = form.integer("samples") ?? 1
    hole.seed = form.seed()
    hole.temperature = Float(form.number("temperature") ?? 1)
    hole.options = form.options("fill")
    hole.givesMean = form.boolean("mean") ?? false
    let filled = try await desk.fill(hole, call)
    let answers = filled.answers
    let wantsUncertainty = form.boolean("uncertainty") ?? false
    if wantsUncertainty, answers.count < 2 {
      throw Problem.unprocessable(
        "'uncertainty' compares answers, and there is one",
        remedy: "ask for 2 samples or more, such as 16")
    }
    let order = answers.indices.sorted { answers[$0].logLikelihood > answers[$1].logLikelihood }
    var ranks = [Int](repeating: 0, count: answers.count)
    for (rank, place) in order.enumerated() { ranks[place] = rank + 1 }
    var list: [JSON] = []
    for (place, answer) in answers.enumerated() {
      list.append(
        .object([
          ("sample", .integer(place + 1)), ("rank", .integer(ranks[place])),
          ("log_likelihood_nats", .number(answer.logLikelihood)),
          ("exact", .boolean(answer.isExact)), ("method", .text(answer.method)),
          ("effective_sample_size", answer.effectiveSampleSize.map(JSON.number) ?? .null),
          ("image", try Desk.text(answer.image)),
        ]))
    }
    var reply: [(name: String, value: JSON)] = [
      ("model", .text(model.name)), ("model_sha256", .text(model.digest)),
      ("seed", .unsigned(hole.seed)), ("width", .integer(image.width)),
      ("height", .integer(image.height)), ("missing_pixels", .integer(hole.mask.missingCount)),
      ("score_kind", model.scoreKind), ("answers", .list(list)),
    ]
    if hole.givesMean, let mean = filled.mean { reply.append(("mean", try Desk.text(mean))) }
    if wantsUncertainty {
      reply.append(("uncertainty", try Desk.text(uncertainty(answers, hole))))
    }
    return Reply(.object(reply))
  }

  private func uncertainty(_ answers: [HoleFiller.Answer], _ hole: Desk.Hole) -> Image {
    guard hole.mask.missingCount > 0 else {
      return Image(
        width: hole.image.width, height: hole.image.height, format: .grey, filledWith: [0])
    }
    let shape = hole.model.file.model.shape
    return PixelEntropy.picture(
      answers.map(\.levels), mask: hole.mask, channels: shape.channels, levels: shape.levels)
  }

  /// The mask that a request gives, by a picture, a region, or the image's own transparency.
  private func mask(_ form: Form, _ image: Image) throws(Problem) -> Mask {
    let region = form.text("region")
    if let bytes = form.images("mask").first {
      guard region == nil else {
        throw .unprocessable(
          "'mask' and 'region' both say which pixels are missing", remedy: "send one of them")
      }
      let polarity = form.text("missing").flatMap(Mask.Polarity.init) ?? .white
      return DrawnMask(try desk.image(bytes, field: "mask"), missing: polarity).mask
    }
    if let region {
      do {
        return try Mask(
          width: image.width, height: image.height, region: Region(parsing: region))
      } catch {
        throw .unprocessable(
          "'region': \(Printable.line("\(error)"))", remedy: "give a region within the image")
      }
    }
    guard let mask = Mask(alphaOf: image) else {
      throw .unprocessable(
        "nothing says which pixels are missing",
        remedy: "send 'mask' or 'region', or an image with transparent pixels")
    }
    return mask
  }
}
