import Files
import Images

/// Values that several routes of `/v1` take.
extension Field {
  static let model = Field(
    "model", .text(most: 255), "The model's name; the first one where it is left out.")
  static let seed = Field(
    "seed", .seed, "Decides the random numbers: same request, same bytes.", standard: .integer(0))
  static let className = Field(
    "class", .text(most: 1024), "The class of the image, by the model's name for it.")
  static let temperature = Field(
    "temperature", .number(0.01...100), "Below 1 prefers likely pixels; 1 draws from the model.",
    standard: .integer(1))

  /// What `POST /v1/impute` takes.
  static func impute(mostSamples: Int) -> [Field] {
    [
      Field("image", .image, "The image, PNG or JPEG.", isRequired: true),
      Field(
        "mask", .image,
        "Which pixels are missing, an image of the same size; left out, the image's transparent ones are."
      ),
      Field(
        "missing", .choice(Mask.Polarity.allCases.map(\.rawValue)),
        "The colour of missing pixels in the mask.",
        standard: .text(Mask.Polarity.white.rawValue)),
      Field(
        "region", .text(most: 100),
        "Instead of a mask: top-half, bottom-half, left-half, right-half, center or X,Y,W,H."),
      Field(
        "samples", .integer(1...mostSamples), "Answers, each drawn anew.", standard: .integer(1)),
      .seed, .model, .className, .temperature,
      Field(
        "fill", .options, "Filling options of the model, by name; /v1/models lists them.",
        standard: .object([])),
      Field(
        "mean", .boolean, "Whether the mean of all possible answers is wanted too.",
        standard: .boolean(false)),
      Field(
        "uncertainty", .boolean,
        "Whether a picture of each pixel's entropy over the answers is wanted too.",
        standard: .boolean(false)),
      Field(
        "name", .text(most: 4096),
        "The image's path as 'lacuna impute' would know it: part of what decides the random numbers.",
        standard: .text(Desk.Hole.standardName)),
    ]
  }

  /// What `POST /v1/augment` takes.
  static func augment(mostSamples: Int) -> [Field] {
    [
      Field(
        "count", .integer(1...mostSamples), "Images to draw.", standard: .integer(1)),
      Field(
        "first", .integer(1...1_000_000),
        "The number of the first image: 1 for those that 'lacuna augment' draws first.",
        standard: .integer(1)), .seed, .model, .className, .temperature,
    ]
  }

  /// What `POST /v1/embed` takes.
  static let embed = [
    Field(
      "images", .images, "The images, PNG or JPEG; resampled to the model's size.", isRequired: true
    ),
    .model,
    Field("variance", .boolean, "Whether variances are wanted.", standard: .boolean(false)),
    Field(
      "predict", .boolean, "Whether the probability of each class is wanted.",
      standard: .boolean(false)),
  ]

  /// What `POST /v1/score` takes.
  static let score = [
    Field("images", .images, "The images, PNG or JPEG, of the model's size.", isRequired: true),
    .model, .className,
  ]
}
