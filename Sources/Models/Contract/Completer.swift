/// A model that fills holes, its filling options chosen: what callers hold who do not know which model it is.
public struct Completer: Sendable {
  /// The model.
  public let model: any Completing
  private let fill: @Sendable ([CompletionRequest], Float, Pass) -> [Completion]
  private let score: @Sendable ([ConditionalRequest], Pass) -> [Double]
  private let look: @Sendable ([Bool]) -> FillingOutlook
  private let cost: @Sendable ([CompletionRequest], [[Float]], Pass) -> [Double]?
  private let mean: (@Sendable ([CompletionRequest], Pass) -> [[Float]])?
  /// Images that it draws to fill one hole, at most.
  public let mostImagesDrawn: Int

  /// A completer with these options, by name as in `--fill NAME=VALUE`.
  ///
  /// - Throws: `ModelError` where the model cannot complete, or has no such option.
  public init(
    _ model: any GenerativeModel, options: [String: String] = [:]
  ) throws(ModelError) {
    guard let completing = model as? any Completing else {
      throw Zoo.lacking("complete", type(of: model))
    }
    self = try Self.make(completing, options)
  }

  private static func make<Model: Completing>(
    _ model: Model, _ options: [String: String]
  ) throws(ModelError) -> Completer {
    try Completer(model, Model.Filling(texts: options, model: Model.card.name))
  }

  /// A completer of this model, with options of its own kind.
  public init<Model: Completing>(_ model: Model, _ filling: Model.Filling) {
    self.model = model
    fill = { model.completions($0, filling, temperature: $1, $2) }
    score = { model.conditionalScores($0, filling, $1) }
    look = { model.outlook($0, filling) }
    cost = { model.shortCutCosts($0, drawn: $1, filling, $2) }
    if let model = model as? any MeanCompleting {
      mean = { model.completionMeans($0, $1) }
    } else {
      mean = nil
    }
    mostImagesDrawn = model.mostImagesDrawn(filling)
  }

  /// Fills each request's image; the n-th answer depends on the n-th request alone.
  public func completions(
    _ requests: [CompletionRequest], temperature: Float = 1, _ pass: Pass
  ) -> [Completion] { fill(requests, temperature, pass) }

  /// How likely each image's missing pixels are given its known ones, in nats.
  public func conditionalScores(_ requests: [ConditionalRequest], _ pass: Pass) -> [Double] {
    score(requests, pass)
  }

  /// How a hole is filled; a value a pixel.
  public func outlook(_ missing: [Bool]) -> FillingOutlook { look(missing) }

  /// What short cuts cost each completion, in nats; nil where there were none.
  public func shortCutCosts(
    _ requests: [CompletionRequest], drawn: [[Float]], _ pass: Pass
  ) -> [Double]? { cost(requests, drawn, pass) }

  /// The mean of all answers to each request, levels of any fraction: see `MeanCompleting`; nil where the model cannot tell it.
  public func means(_ requests: [CompletionRequest], _ pass: Pass) -> [[Float]]? {
    mean.map { $0(requests, pass) }
  }
}
