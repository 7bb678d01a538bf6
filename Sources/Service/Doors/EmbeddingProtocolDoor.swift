import Files
import HTTPTypes
import Images
import Models
import Tasks
import Training

/// LightlyStudio's embedding protocol 1.0, for the first model that encodes.
struct EmbeddingProtocolDoor: Sendable {
  let desk: Desk

  /// What `POST /v1/embed/images/bytes` takes.
  static let fields = [Field("files", .images, "The images, PNG or JPEG.", isRequired: true)]

  /// `GET /v1/describe`.
  func describe() throws(Problem) -> Reply {
    let (model, encoder) = try model()
    return Reply(
      .object([
        ("protocol_version", .text("1.0")), ("space_key", .text(Self.space(model))),
        ("dimension", .integer(encoder.latentCount)),
        ("ready", .boolean(!desk.scheduler.isClosing)),
        ("capabilities", .list([.text("image_bytes")])),
        (
          "limits",
          .object([
            ("max_batch_size", .integer(desk.options.maximumSamples)),
            ("max_request_bytes", .integer(desk.options.maximumBody)),
          ])
        ),
      ]))
  }

  /// `POST /v1/embed/images/bytes`; what cannot be decoded is left out, and the rest keeps its place.
  func embed(_ call: Call) async throws -> Reply {
    let (model, encoder) = try model()
    let files = try call.form(Self.fields).images("files")
    guard files.count <= desk.options.maximumSamples else {
      throw Problem(
        .contentTooLarge, "there are \(files.count) images",
        remedy: "send at most \(desk.options.maximumSamples) at a time")
    }
    var images: [Image] = []
    var kept: [JSON] = []
    for (place, bytes) in files.enumerated() {
      guard let image = try? desk.image(bytes, field: "files") else { continue }
      images.append(image)
      kept.append(.integer(place))
    }
    let features = images.isEmpty ? [] : try await desk.features(of: images, model, call)
    return Reply(
      .object([
        ("space_key", .text(Self.space(model))), ("dimension", .integer(encoder.latentCount)),
        ("kept_indices", .list(kept)), ("embeddings", .list(features.map { .floats($0.means) })),
      ]))
  }

  private func model() throws(Problem) -> (ServedModel, any Encoding) {
    for model in desk.models.all {
      if let encoder = model.file.model as? any Encoding { return (model, encoder) }
    }
    throw Problem(
      .notFound, "none of the models encodes images",
      remedy: "let the operator serve one that does, such as a vae")
  }

  /// Other weights make another space.
  private static func space(_ model: ServedModel) -> String {
    "lacuna/\(model.name)/\(model.digest.prefix(16))"
  }
}
