public import Layers
import Platform
import Tensors

/// Naive Bayes: p(x) = Σ_c p(c) Π_d p(x_d | c), every value of an image independent of the others
/// given its class.
///
/// A mixture whose components are the classes. Frequencies are counted, with a pseudo-count shared evenly over the
/// levels (Lidstone's rule; see Bishop 2006, section 4.2.3), in closed form.
///
/// Any mask is exact: the posterior over classes given the known pixels, then the missing pixels one by one.
/// Departures: beyond 32 levels, neighbouring levels share a frequency.
public struct NaiveBayes: MixtureModel {
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
  private let bins: LevelBins
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
    bins = LevelBins(levels: shape.levels)
    let classes = max(1, classCount)
    logPrior = scope.parameter("log_prior", [classes], .constant(-logf(Float(classes))))
    logProbability = scope.parameter(
      "log_probability", [classes, shape.dimensionCount, bins.count],
      .constant(-logf(Float(shape.levels))))
  }

  /// A component a class.
  public var components: PixelComponents {
    let classes = max(1, classCount)
    return PixelComponents(
      shape: shape, bins: bins,
      table: logProbability.value.detached
        .reshaped(to: [classes, shape.dimensionCount * bins.count]).transposed())
  }

  /// A class is its own component alone.
  public func logWeights(label: Int?) -> [Double] {
    logPrior.value.values.enumerated().map { c, prior in
      label.map { $0 == c ? 0 : -.infinity } ?? Double(prior)
    }
  }

  /// Counts levels by class; images without a label count for every class alike.
  public func fitter(_ batches: ((ImageBatch) -> Void) -> Void) -> any Fitter {
    let counting = Counting(
      classes: max(1, classCount), dimensions: shape.dimensionCount, bins: bins)
    batches { counting.take($0, isConditional: classCount > 0) }
    return ClosedFormFitter { finish(counting) }
  }

  /// Sets the parameters to the frequencies that were counted.
  private func finish(_ counting: Counting) {
    let (classes, dimensions) = (max(1, classCount), shape.dimensionCount)
    let total = counting.ofClasses.reduce(0, +)
    logPrior.assign(
      Tensor(
        counting.ofClasses.map { Float(log(($0 + 1e-9) / (total + 1e-9 * Double(classes)))) },
        shape: [classes]))
    logProbability.assign(
      Tensor(
        counting.ofBins.indices.map { index in
          let width = Double(bins.width(index % bins.count))
          let (c, levels) = (index / (dimensions * bins.count), Double(shape.levels))
          let smooth = configuration.smoothing
          let frequency = (counting.ofBins[index] + smooth * width / levels)
          return Float(log(frequency / (counting.ofClasses[c] + smooth) / width))
        }, shape: [classes, dimensions, bins.count]))
  }
}

/// How often each level occurs in each class.
private final class Counting {
  private(set) var ofClasses: [Double]
  /// `[classes, dimensions, bins]`.
  private(set) var ofBins: [Double]
  private let dimensions: Int
  private let bins: LevelBins

  init(classes: Int, dimensions: Int, bins: LevelBins) {
    self.dimensions = dimensions
    self.bins = bins
    ofClasses = [Double](repeating: 0, count: classes)
    ofBins = [Double](repeating: 0, count: classes * dimensions * bins.count)
  }

  func take(_ batch: ImageBatch, isConditional: Bool) {
    let classes = ofClasses.count
    batch.levels.withValues { levels in
      for image in 0..<batch.count {
        let label = isConditional ? batch.labels[image] : 0
        let share = label == nil ? 1 / Double(classes) : 1
        for c in label.map({ $0...$0 }) ?? 0...classes - 1 {
          ofClasses[c] += share
          for d in 0..<dimensions {
            let bin = bins.bin(of: levels[image * dimensions + d])
            ofBins[(c * dimensions + d) * bins.count + bin] += share
          }
        }
      }
    }
  }
}
