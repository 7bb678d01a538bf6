import Files
import HTTPTypes

/// Every place where the service answers.
enum Routes {
  /// All of them, and the document that says so.
  static func all(_ desk: Desk) -> [Route] {
    let routes = Page.routes + native(desk) + peers(desk) + operation(desk)
    let needsKey = !desk.options.keys.isEmpty
    let own = { (document: [UInt8]) in
      Route(
        method: .get, path: "/openapi.json", name: "openapi", summary: "This document.",
        body: .none, answer: .json("The document."), isOpen: true,
        handle: { _ in Reply(document, type: "application/json") })
    }
    let document = OpenAPI.document(routes + [own([])], needsKey: needsKey)
    return routes + [own(Array(document.formatted.utf8))]
  }

  /// `/v1`.
  private static func native(_ desk: Desk) -> [Route] {
    let native = NativeDoor(desk: desk)
    let most = desk.options.maximumSamples
    let (impute, augment) = (Field.impute(mostSamples: most), Field.augment(mostSamples: most))
    return [
      Route(
        method: .post, path: "/v1/impute", name: "impute",
        summary: "Fills the hole of an image, several times.", body: .fields(impute),
        answer: .json("The answers."), streams: true,
        handle: { try await native.impute($0, impute) }),
      Route(
        method: .post, path: "/v1/augment", name: "augment", summary: "Draws new images.",
        body: .fields(augment), answer: .json("The images."), streams: true,
        handle: { try await native.augment($0, augment) }),
      Route(
        method: .post, path: "/v1/embed", name: "embed",
        summary: "Turns images into features.", body: .fields(Field.embed),
        answer: .json("The features of each image."),
        handle: { try await native.embed($0, Field.embed) }),
      Route(
        method: .post, path: "/v1/score", name: "score",
        summary: "Says how likely a model finds whole images.", body: .fields(Field.score),
        answer: .json("A log-likelihood an image."),
        handle: { try await native.score($0, Field.score) }),
      Route(
        method: .get, path: "/v1/models", name: "models",
        summary: "Lists the models, what they can do and how they fill holes.", body: .none,
        answer: .json("The models."), handle: { _ in native.models() }),
    ]
  }

  /// What clients of other services ask.
  private static func peers(_ desk: Desk) -> [Route] {
    let inference = InferenceDoor(desk: desk)
    let embedding = EmbeddingProtocolDoor(desk: desk)
    let (edits, inpaint) = (ImageEditDoor(desk: desk), InpaintDoor(desk: desk))
    let editing = ImageEditDoor.fields(mostSamples: desk.options.maximumSamples)
    return [
      Route(
        method: .post, path: "/v1/images/edits", name: "editImage",
        summary: "Fills the transparent pixels of an image, as OpenAI's image edits.",
        body: .form(editing), answer: .json("The answers."),
        handle: { try await edits.edit($0, editing) }),
      Route(
        method: .post, path: "/api/v1/inpaint", name: "inpaint",
        summary: "Fills the white pixels of a mask, as IOPaint.",
        body: .document(schema: InpaintDoor.schema, types: ["application/json"]),
        answer: Route.Answer(
          type: "image/png", schema: .object([("type", .text("string"))]),
          summary: "The filled image."), handle: { try await inpaint.inpaint($0) }),
      Route(
        method: .get, path: "/v1/describe", name: "describe",
        summary: "Describes the features, as LightlyStudio's embedding protocol.", body: .none,
        answer: .json("The description."), handle: { _ in try embedding.describe() }),
      Route(
        method: .post, path: "/v1/embed/images/bytes", name: "embedImages",
        summary: "Turns images into features, as LightlyStudio's embedding protocol.",
        body: .form(EmbeddingProtocolDoor.fields), answer: .json("The features."),
        handle: { try await embedding.embed($0) }),
      Route(
        method: .get, path: "/v2", name: "server", summary: "Names the server, as KServe.",
        body: .none, answer: .json("Name and version."), handle: { _ in inference.server() }),
      Route(
        method: .get, path: "/v2/models/{model}", name: "modelMetadata",
        summary: "Says what a model takes and gives, as KServe.", body: .none,
        answer: .json("Inputs and outputs."), handle: { try inference.model($0) }),
      Route(
        method: .get, path: "/v2/models/{model}/ready", name: "modelReady",
        summary: "Says whether a model answers, as KServe.", body: .none,
        answer: .json("It does."), isOpen: true, handle: { try inference.isReady($0) }),
      Route(
        method: .post, path: "/v2/models/{model}/infer", name: "infer",
        summary: "Fills a hole or gives features, as KServe.",
        body: .document(schema: InferenceDoor.schema, types: []), answer: .json("The outputs."),
        handle: { try await inference.infer($0) }),
    ]
  }

  /// Health and numbers.
  private static func operation(_ desk: Desk) -> [Route] {
    let operation = OperationDoor(desk: desk)
    return [
      Route(
        method: .get, path: "/v2/health/live", name: "live",
        summary: "Says that the process answers.", body: .none, answer: .json("It does."),
        isOpen: true, handle: { _ in operation.live() }),
      Route(
        method: .get, path: "/v2/health/ready", name: "ready",
        summary: "Says whether new work is taken.", body: .none, answer: .json("It is."),
        isOpen: true, handle: { _ in try operation.ready() }),
      Route(
        method: .get, path: "/metrics", name: "metrics",
        summary: "Counts requests, rows and seconds, for Prometheus.", body: .none,
        answer: Route.Answer(
          type: "text/plain", schema: .object([("type", .text("string"))]),
          summary: "The numbers."), handle: { _ in operation.metrics() }),
    ]
  }
}

extension Route.Answer {
  /// An object of JSON.
  static func json(_ summary: String) -> Route.Answer {
    Route.Answer(
      type: "application/json", schema: .object([("type", .text("object"))]), summary: summary)
  }
}
