public import Layers
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Naive Bayes: p(x) = Σ_c p(c) Π_d p(x_d | c), every value of an image independent of the others
/// given its class.
///
/// Frequencies are counted, with a pseudo-count shared evenly over the levels (Lidstone's rule; see
/// Bishop 2006, section 4.2.3), in closed form.
///
/// Any mask is exact: the posterior over classes given the known pixels, then the missing pixels one by one.
/// Departures: beyond 32 levels, neighbouring levels share a frequency.
public struct NaiveBayes: ClosedForm, Scoring, Sampling, Completing {
  /// The settings of naive Bayes.
  public struct Configuration: ModelConfiguration {
    /// Counts added to each value's frequencies, all levels together.
    public var smoothing = 1.0

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] = [
      .real("smoothing", \.smoothing, 0.001...1000, "pseudo-count of each value, over all levels")
    ]
  }

  /// What it is.
  public static let card = ModelCard(
    name: "naive-bayes", family: "mixture",
    summary: "independent pixels given the class; exact under any mask, learnt in one pass",
    citation: "Bishop 2006, Pattern Recognition and Machine Learning, section 8.2.2")

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  /// Frequencies are fitted, not descended to.
  public let objectives: [Objective] = []
  private let bins: Int
  /// Float32 `[classes]`.
  private let logPrior: Parameter
  /// Float32 `[classes, dimensions, bins]`.
  private let logProbability: Parameter

  /// Registers `log_prior` and `log_probability` under `scope`, uniform before they are fitted.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    bins = min(shape.levels, 32)
    let classes = max(1, classCount)
    logPrior = scope.parameter("log_prior", [classes], .constant(-logf(Float(classes))))
    logProbability = scope.parameter(
      "log_probability", [classes, shape.dimensionCount, bins],
      .constant(-logf(Float(shape.levels))))
  }

  private func bin(_ level: Float) -> Int { Int(level) * bins / shape.levels }

  /// Levels that share a bin.
  private func width(_ bin: Int) -> Int { highest(bin) - lowest(bin) + 1 }
  private func lowest(_ bin: Int) -> Int { (bin * shape.levels + bins - 1) / bins }
  private func highest(_ bin: Int) -> Int { lowest(bin + 1) - 1 }

  /// Counts levels by class; images without a label count for every class alike.
  public func fit(batches: ((ImageBatch) -> Void) throws -> Void) rethrows {
    let (classes, dimensions) = (max(1, classCount), shape.dimensionCount)
    var classCounts = [Double](repeating: 0, count: classes)
    var counts = [Double](repeating: 0, count: classes * dimensions * bins)
    try batches { batch in
      batch.levels.withValues { levels in
        for image in 0..<batch.count {
          let label = classCount > 0 ? batch.labels?[image] : 0
          let share = label == nil ? 1 / Double(classes) : 1
          for c in label.map({ $0...$0 }) ?? 0...classes - 1 {
            classCounts[c] += share
            for d in 0..<dimensions {
              counts[(c * dimensions + d) * bins + bin(levels[image * dimensions + d])] += share
            }
          }
        }
      }
    }
    let total = classCounts.reduce(0, +)
    logPrior.assign(
      Tensor(
        classCounts.map { Float(log(($0 + 1e-9) / (total + 1e-9 * Double(classes)))) },
        shape: [classes]))
    logProbability.assign(
      Tensor(
        counts.indices.map { index in
          let bin = index % bins
          let (c, levels) = (index / (dimensions * bins), Double(shape.levels))
          let smooth = configuration.smoothing
          let frequency = (counts[index] + smooth * Double(width(bin)) / levels)
          return Float(log(frequency / (classCounts[c] + smooth) / Double(width(bin))))
        }, shape: [classes, dimensions, bins]))
  }

  /// log p(c) + Σ log p(x_d | c) over the values that `isCounted` names, for every class.
  private func joint(
    _ levels: ArraySlice<Float>, isCounted: (Int) -> Bool, _ table: UnsafeBufferPointer<Float>
  ) -> [Double] {
    let dimensions = shape.dimensionCount
    return logPrior.value.values.enumerated().map { c, prior in
      var sum = Double(prior)
      for d in 0..<dimensions where isCounted(d) {
        sum += Double(table[(c * dimensions + d) * bins + bin(levels[levels.startIndex + d])])
      }
      return sum
    }
  }

  /// Exact log-likelihoods: of image and class where the class is known it is left out of the sum.
  public func scores(_ batch: ImageBatch, _ pass: Pass) -> Scores {
    let dimensions = shape.dimensionCount
    let levels = batch.levels.values
    let sums = logProbability.value.withValues { table in
      (0..<batch.count).map { image -> Double in
        let joint = joint(
          levels[image * dimensions..<(image + 1) * dimensions], isCounted: { _ in true }, table)
        if classCount > 0, let label = batch.labels?[image] {
          return joint[label] - Double(logPrior.value.values[label])
        }
        return logSumExp(joint)
      }
    }
    return Scores(logLikelihoods: sums, kind: .exact)
  }

  /// Draws a class from its posterior given the known pixels, then the missing pixels.
  public func completions(
    _ requests: [CompletionRequest], temperature: Float, _ pass: Pass
  ) -> [Completion] {
    logProbability.value.withValues { table in
      requests.map { complete($0, temperature: Double(temperature), table) }
    }
  }

  private func complete(
    _ request: CompletionRequest, temperature: Double, _ table: UnsafeBufferPointer<Float>
  ) -> Completion {
    let (dimensions, channels) = (shape.dimensionCount, shape.channels)
    let isMissing = { (d: Int) in request.missing[d / channels] }
    var posterior = joint(request.levels[...], isCounted: { !isMissing($0) }, table)
    if let label = request.label, classCount > 0 {
      for c in posterior.indices where c != label { posterior[c] = -.infinity }
    }
    let evidence = logSumExp(posterior)
    let uniforms = request.random.uniforms(2 * dimensions + 1)
    let chosen = draw(posterior.map { ($0 - evidence) / temperature }, Double(uniforms[0]))
    var levels = request.levels
    for d in 0..<dimensions where isMissing(d) {
      let start = (chosen * dimensions + d) * bins
      let bin = draw(
        (0..<bins).map {
          (Double(table[start + $0]) + log(Double(width($0)))) / temperature
        }, Double(uniforms[2 * d + 1]))
      levels[d] = Float(
        min(highest(bin), lowest(bin) + Int(uniforms[2 * d + 2] * Float(width(bin)))))
    }
    let completed = zip(posterior, joint(levels[...], isCounted: isMissing, table))
    let prior = logPrior.value.values
    let ofMissing = logSumExp(
      completed.enumerated().map { c, pair in pair.0 - evidence + pair.1 - Double(prior[c]) })
    return Completion(
      levels: levels, logLikelihood: ofMissing, isExact: temperature == 1, method: "closed-form")
  }

  /// The index at which the cumulative softmax passes `uniform`.
  private func draw(_ logits: [Double], _ uniform: Double) -> Int {
    let total = logSumExp(logits)
    var left = uniform
    for (index, logit) in logits.enumerated() {
      left -= exp(logit - total)
      if left < 0 { return index }
    }
    return logits.lastIndex { $0 > -.infinity } ?? 0
  }
}

/// log Σ exp(x), without overflow.
func logSumExp(_ values: [Double]) -> Double {
  guard let top = values.max(), top > -.infinity else { return -.infinity }
  return top + log(values.reduce(0) { $0 + exp($1 - top) })
}
