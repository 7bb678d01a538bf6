import Files
import HTTPTypes
import Images
import Models
import Tasks
import Tensors
import Training

/// `/v1`: the service's own way to be asked.
struct NativeDoor: Sendable {
  let desk: Desk

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

  /// `POST /v1/augment`.
  func augment(_ call: Call, _ fields: [Field]) async throws -> Reply {
    let form = try call.form(fields)
    let model = try desk.models.model(form.text("model"))
    let label = try model.label(form.text("class"))
    let (count, first, seed) = (form.integer("count") ?? 1, form.integer("first") ?? 1, form.seed())
    let numbers = first..<first + count
    let requests = numbers.map { number in
      let place = SamplePlace(group: 0, label: label, number: number)
      return SampleRequest(label: label, random: place.random(seed: seed))
    }
    let lane = LaneKey(
      model: model, kind: .draw(latents: Float(form.number("temperature") ?? 1), pixels: nil))
    let answer = try await desk.answer(.draw(requests), lane, rows: count, call)
    guard case .drawn(let samples) = answer else { throw Problem.closing }
    var list: [JSON] = []
    for (number, sample) in zip(numbers, samples) {
      let image = PixelLevels.image(sample.levels, shape: model.file.model.shape)
      list.append(
        .object([
          ("number", .integer(number)),
          ("log_likelihood_nats", sample.logLikelihood.map(JSON.number) ?? .null),
          ("image", .text(Base64.text(try Desk.plainPNG(image)))),
        ]))
    }
    return Reply(
      .object([
        ("model", .text(model.name)), ("seed", .unsigned(seed)),
        ("class", form.text("class").map(JSON.text) ?? .null), ("score_kind", model.scoreKind),
        ("images", .list(list)),
      ]))
  }

  /// `POST /v1/embed`.
  func embed(_ call: Call, _ fields: [Field]) async throws -> Reply {
    let form = try call.form(fields)
    let model = try desk.models.model(form.text("model"))
    let features = try await desk.features(
      of: try desk.images(form), model, variances: form.boolean("variance") ?? false,
      predictions: form.boolean("predict") ?? false, call)
    let rows = features.map { features in
      JSON.object(
        [("features", .floats(features.means))]
          + (features.variances.map { [("variances", .floats($0))] } ?? [])
          + (features.probabilities.map { probabilities in
            [
              (
                "probabilities",
                .object(
                  zip(model.file.classes, probabilities).map { ($0, JSON.float($1)) })
              )
            ]
          } ?? []))
    }
    return Reply(
      .object([
        ("model", .text(model.name)), ("count", .integer(features.first?.means.count ?? 0)),
        ("images", .list(rows)),
      ]))
  }

  /// `POST /v1/score`.
  func score(_ call: Call, _ fields: [Field]) async throws -> Reply {
    let form = try call.form(fields)
    let model = try desk.models.model(form.text("model"))
    let label = try model.label(form.text("class"))
    let images = try desk.images(form)
    let levels: [[Float]]
    do throws(EngineError) {
      let scorer = try ImageScorer(model.file.model, desk.context)
      var read: [[Float]] = []
      for image in images { read.append(try scorer.levels(of: image)) }
      levels = read
    } catch {
      throw Problem(error)
    }
    let answer = try await desk.answer(
      .score(levels, labels: levels.map { _ in label }), LaneKey(model: model, kind: .score),
      rows: levels.count, call)
    guard case .scored(let scores) = answer else { throw Problem.closing }
    return Reply(
      .object([
        ("model", .text(model.name)), ("score_kind", model.scoreKind),
        ("log_likelihoods_nats", .list(scores.map(JSON.number))),
      ]))
  }

  /// `GET /v1/models`.
  func models() -> Reply {
    Reply(.object([("models", .list(desk.models.all.map(\.json)))]))
  }
}

extension Desk {
  /// The images of a request, decoded.
  func images(_ form: Form) throws(Problem) -> [Image] {
    let all = form.images("images")
    guard (1...options.maximumSamples).contains(all.count) else {
      throw .unprocessable(
        "there are \(all.count) images", remedy: "send 1 to \(options.maximumSamples)")
    }
    var images: [Image] = []
    for bytes in all { images.append(try image(bytes, field: "images")) }
    return images
  }

  /// The features of images.
  func features(
    of images: [Image], _ model: ServedModel, variances: Bool = false, predictions: Bool = false,
    _ call: Call
  ) async throws(Problem) -> [FeatureEncoder.Features] {
    var wanted = FeatureEncoder.Options()
    wanted.wantsVariances = variances
    wanted.wantsPredictions = predictions
    let encoder: FeatureEncoder
    do {
      encoder = try FeatureEncoder(model.file.model, wanted, context)
    } catch {
      throw Problem(error)
    }
    let lane = LaneKey(
      model: model, kind: .encode(wantsVariances: variances, wantsPredictions: predictions))
    let answer = try await answer(
      .encode(images.map(encoder.levels)), lane, rows: images.count, call)
    guard case .encoded(let features) = answer else { throw .closing }
    return features
  }

  /// The bytes of a drawn image, as `augment` writes them.
  static func plainPNG(_ image: Image) throws(Problem) -> [UInt8] {
    do {
      return try ImageEncoder.encode(image, as: .png)
    } catch {
      throw Problem(
        .serviceUnavailable, "the answer does not fit into memory", remedy: "try again later")
    }
  }
}
