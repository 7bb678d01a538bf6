import Files
import HTTPTypes

/// Every place where the service answers.
enum Routes {
  /// All of them.
  static func all(_ desk: Desk) -> [Route] {
    let native = NativeDoor(desk: desk)
    let most = desk.options.maximumSamples
    let (impute, augment) = (Field.impute(mostSamples: most), Field.augment(mostSamples: most))
    return [
      Route(
        method: .post, path: "/v1/impute", name: "impute",
        summary: "Fills the hole of an image, several times.", body: .fields(impute),
        answer: .json("The answers."), handle: { try await native.impute($0, impute) }),
      Route(
        method: .post, path: "/v1/augment", name: "augment", summary: "Draws new images.",
        body: .fields(augment), answer: .json("The images."),
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
}

extension Route.Answer {
  /// An object of JSON.
  static func json(_ summary: String) -> Route.Answer {
    Route.Answer(
      type: "application/json", schema: .object([("type", .text("object"))]), summary: summary)
  }
}
