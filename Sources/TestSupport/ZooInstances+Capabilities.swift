public import Models

extension [ZooInstance] {
  /// Those whose models have a capability, for laws about it.
  ///
  /// A law that no model is tried on checks nothing: that stops the tests, unless one model was chosen.
  public func that(_ what: String, _ isAble: (any GenerativeModel.Type) -> Bool) -> [ZooInstance] {
    let able = filter { isAble($0.kind) }
    precondition(
      !able.isEmpty || ZooInstance.chosen != nil, "no model \(what): its laws would check nothing")
    return able
  }

  /// Those that descend objectives.
  public var descending: [ZooInstance] { that("descends") { !($0 is any Fitted.Type) } }
  /// Those that say something else of another class.
  public var heedingClasses: [ZooInstance] {
    that("heeds classes") { $0.card.heedsClasses }.filter { $0.classCount > 1 }
  }
  /// Those that are fitted.
  public var fitted: [ZooInstance] { that("is fitted") { $0 is any Fitted.Type } }
  /// Those that draw.
  public var sampling: [ZooInstance] { that("samples") { $0 is any Sampling.Type } }
  /// Those that draw by chains.
  public var chainSampling: [ZooInstance] {
    that("draws by chains") { $0 is any ChainSampling.Type }
  }
  /// Those that decode latent points by the family's decoder.
  public var latentVariable: [ZooInstance] {
    that("has a latent decoder") { $0 is any LatentVariable.Type }
  }
  /// Those that score.
  public var scoring: [ZooInstance] { that("scores") { $0 is any Scoring.Type } }
  /// Those that can average orders of the pixels.
  public var averagingOrders: [ZooInstance] {
    that("averages orders") { $0 is any OrderAveraging.Type }
  }
  /// Those that complete.
  public var completing: [ZooInstance] { that("completes") { $0 is any Completing.Type } }
  /// Those that know the mean of all completions.
  public var meanCompleting: [ZooInstance] {
    that("knows means") { $0 is any MeanCompleting.Type }
  }
  /// Those that score and complete.
  public var scoringAndCompleting: [ZooInstance] {
    that("scores and completes") { $0 is any (Scoring & Completing).Type }
  }
  /// Those that score and draw.
  public var scoringAndSampling: [ZooInstance] {
    that("scores and samples") { $0 is any (Scoring & Sampling).Type }
  }
  /// Those that estimate likelihoods by importance sampling.
  public var importanceScoring: [ZooInstance] {
    that("estimates by importance") { $0 is any ImportanceScoring.Type }
  }
  /// Those that encode.
  public var encoding: [ZooInstance] { that("encodes") { $0 is any Encoding.Type } }
  /// Those that decode.
  public var decoding: [ZooInstance] { that("decodes") { $0 is any Decoding.Type } }
  /// Those that encode images without loss.
  public var invertible: [ZooInstance] { that("inverts") { $0 is any Invertible.Type } }
  /// Those that draw from latent points that are given.
  public var latentSampling: [ZooInstance] {
    that("draws from latents") { $0 is any LatentSampling.Type }
  }
  /// Those that classify.
  public var classifying: [ZooInstance] { that("classifies") { $0 is any Classifying.Type } }
  /// Those with state that no gradient trains.
  public var stateful: [ZooInstance] { that("has state") { $0 is any Stateful.Type } }
}
