/// Fills the missing pixels of images.
public protocol Completing: GenerativeModel {
  /// How holes are filled, as far as users have a choice.
  associatedtype Filling: FillingConfiguration

  /// Fills each request's image; the n-th answer depends on the n-th request alone.
  func completions(
    _ requests: [CompletionRequest], _ filling: Filling, temperature: Float, _ pass: Pass
  ) -> [Completion]

  /// How likely each image's missing pixels are, as they truly are, given its known ones, in nats; 0 where nothing is
  /// missing. The n-th answer depends on the n-th request alone.
  func conditionalScores(
    _ requests: [ConditionalRequest], _ filling: Filling, _ pass: Pass
  ) -> [Double]

  /// How a hole would be filled, which depends on its shape alone.
  ///
  /// - Parameter missing: a value a pixel.
  func outlook(_ missing: [Bool], _ filling: Filling) -> FillingOutlook

  /// Images that it draws to fill one hole, at most: particles are images too.
  func mostImagesDrawn(_ filling: Filling) -> Int

  /// Images of the smallest tile that it draws in less time than a full one.
  var smallestTile: Int { get }

  /// What it cost each completion that it was drawn by a short cut, in nats: an estimate of E[log q(drawn) - log p(drawn)],
  /// q being what draws so and p the model; nil where there is no such short cut.
  ///
  /// - Parameter drawn: the levels that were drawn for the requests.
  func shortCutCosts(
    _ requests: [CompletionRequest], drawn: [[Float]], _ filling: Filling, _ pass: Pass
  ) -> [Double]?
}

extension Completing {
  /// One.
  public func mostImagesDrawn(_ filling: Filling) -> Int { 1 }

  /// A full tile, which is drawn whatever is in it.
  public var smallestTile: Int { Tiles.size }

  /// No short cut.
  public func shortCutCosts(
    _ requests: [CompletionRequest], drawn: [[Float]], _ filling: Filling, _ pass: Pass
  ) -> [Double]? { nil }
}

/// How a hole is filled.
public struct FillingOutlook: Sendable, Equatable {
  /// Whether pixels are drawn from the model's own conditional distribution, all known pixels heeded, where the temperature
  /// is 1.
  public let isExact: Bool
  /// How they are drawn, such as `ordered`.
  public let method: String
  /// Whether a score is the model's own conditional probability, all known pixels heeded.
  public let isScoreExact: Bool
  /// How a score is computed, such as `ordered`.
  public let scoreMethod: String
  /// Whether what is exact is p(image) / p(known pixels) by the model's scores of whole images.
  ///
  /// A model of several orders of the pixels fills a hole in an order of the hole's own: just as exact, but not the one that it scores images in.
  public let followsScores: Bool
  /// Whether scores rest on random numbers of the request, so that they compare only where these are the same.
  public let isScoreEstimated: Bool
  /// Whether pixels are drawn by a short cut, whose cost `shortCutCosts` tells.
  public let isShortCut: Bool
  /// Images that the model draws to fill it.
  public let imagesDrawn: Int

  /// An outlook; scores are like drawings unless they are told apart.
  public init(
    isExact: Bool, method: String, isScoreExact: Bool? = nil, scoreMethod: String? = nil,
    followsScores: Bool = true, isScoreEstimated: Bool = false, isShortCut: Bool = false,
    imagesDrawn: Int = 1
  ) {
    self.isExact = isExact
    self.method = method
    self.isScoreExact = isScoreExact ?? isExact
    self.scoreMethod = scoreMethod ?? method
    self.followsScores = followsScores
    self.isScoreEstimated = isScoreEstimated
    self.isShortCut = isShortCut
    self.imagesDrawn = imagesDrawn
  }
}
