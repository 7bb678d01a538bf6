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
