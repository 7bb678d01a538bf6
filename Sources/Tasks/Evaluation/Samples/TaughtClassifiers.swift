import Tensors
import Training

/// The fixed small classifier, taught by the real images and by the generated ones, where labels allow it.
struct TaughtClassifiers {
  /// Taught by the real images; nil where they have no labels of two classes.
  let real: SmallClassifier?
  /// Taught by the generated ones; nil where a class has none.
  let generated: SmallClassifier?
  private let images: SampleImages
  private let precision: ElementType

  /// Teaches both, side by side, each on one thread.
  init(_ evaluator: SampleEvaluator, _ drawn: ImageDataset) throws {
    images = evaluator.images
    precision = evaluator.context.precision
    let (options, context) = (evaluator.options, evaluator.context)
    let hasClasses = images.teaching.classCounts.count { $0 > 0 } > 1
    let hasAll = hasClasses && drawn.classCounts.allSatisfy { $0 > 0 }
    let sets = (hasClasses ? [images.teaching] : []) + (hasAll ? [drawn] : [])
    let taught = try ClassifierTraining.plain(
      sets, steps: options.steps, size: options.stepSize, context: context, seed: options.seed)
    real = hasClasses ? taught[0] : nil
    generated = hasAll ? taught[1] : nil
  }

  /// The share of the labelled real images that each tells rightly.
  var accuracy: (real: Double?, generated: Double?) {
    (real.flatMap { accuracy($0, images.test) }, generated.flatMap { accuracy($0, images.test) })
  }

  /// Where the classifier taught by real images sees generated and real ones.
  func classes(_ drawn: ImageDataset) -> SampleReport.Classes? {
    guard let real else { return nil }
    let names = images.classes
    func counts(_ set: ImageDataset) -> [Int] {
      real.predictions(set, precision).reduce(into: [Int](repeating: 0, count: names.count)) {
        $0[$1] += 1
      }
    }
    let (ofDrawn, ofReal) = (counts(drawn), counts(images.test))
    return SampleReport.Classes(
      names: names, generated: ofDrawn, real: ofReal, test: ChiSquare(ofDrawn, ofReal),
      agreement: accuracy(real, drawn))
  }

  /// The share of labelled images that are told rightly; nil where none is labelled.
  private func accuracy(_ classifier: SmallClassifier, _ set: ImageDataset) -> Double? {
    let labelled = set.labelledPlaces
    guard !labelled.isEmpty else { return nil }
    let part = set.subset(labelled)
    let right = zip(classifier.predictions(part, precision), part.labels).count { $0 == $1 }
    return Double(right) / Double(labelled.count)
  }
}
