import Models
import Tensors
import Training

extension SampleEvaluator {
  /// Stages of which progress is told.
  private static let stageCount = 6

  func measured(
    _ generated: ImageDataset, _ progress: (TaskReporter.Progress) -> Void
  ) throws -> SampleReport {
    var done = 0
    func stage<Result>(_ body: () throws -> Result) throws -> Result {
      try context.stopIfAsked("interrupted before all was measured")
      let result = try body()
      done += 1
      progress(.init(done: done, total: Self.stageCount))
      return result
    }
    let taught = try stage { try TaughtClassifiers(self, generated) }
    let features = try stage { try chosenFeatures(taught) }
    let realRows = try features.rows(images.test)
    let generatedRows = try features.rows(generated)
    let ofGenerated = try stage { try measures(generated, generatedRows, realRows) }
    let ofReal = try stage {
      let standIn = standIn.evenly(generated.count)
      return try measures(standIn, features.rows(standIn), realRows)
    }
    let copies = CopyMeasure(images.originals)
    let nearest = try stage { try copies.measured(generated, context) }
    let realNearest = try stage { try self.realNearest(copies) }
    return SampleReport(
      features: features.name, featureCount: realRows.width,
      testCount: images.testCount, teachingCount: images.teachingCount,
      generated: ofGenerated, real: ofReal, nearest: nearest, realNearest: realNearest,
      classes: taught.classes(generated), plane: Self.plane(realRows, generatedRows),
      accuracy: taught.accuracy)
  }

  /// Points of a picture, of either kind.
  private static let mostPoints = 1000

  private static func plane(
    _ real: FeatureRows, _ generated: FeatureRows
  ) -> (real: [SIMD2<Float>], generated: [SIMD2<Float>]) {
    let components = PrincipalComponents(real, count: 2)
    func places(_ rows: FeatureRows) -> [SIMD2<Float>] {
      let values = components.places(rows.rows(0..<min(mostPoints, rows.count))).values
      return stride(from: 0, to: values.count, by: components.count).map {
        SIMD2(values[$0], components.count > 1 ? values[$0 + 1] : 0)
      }
    }
    return (places(real), places(generated))
  }

  /// The real images to compare with among the originals, of which they are not.
  private func realNearest(_ copies: CopyMeasure) throws -> SampleReport.Nearest {
    // Of one directory, copies are looked up in the half that they are not in.
    let copies = images.isHalved ? CopyMeasure(images.teaching) : copies
    return try copies.measured(images.test, context)
  }

  private func chosenFeatures(_ taught: TaughtClassifiers) throws -> SampleFeatures {
    let source: SampleFeatures.Source
    switch options.features {
    case .pixels: source = .pixels
    case .model(let model, let name):
      guard model.shape == images.shape else {
        throw TaskError(
          "--features \(name): is a model of \(model.shape), but the real images are \(images.shape)"
        )
      }
      source = .encoder(try FeatureEncoder(model, .init(), context), name: name)
    case .automatic: source = taught.real.map { .classifier($0) } ?? .pixels
    case .classifier:
      guard let classifier = taught.real else {
        throw TaskError(
          "--features classifier: the real images have no labels of two classes or more; put them "
            + "into folders named by class, or give a model that encodes")
      }
      source = .classifier(classifier)
    }
    return try SampleFeatures(source, teaching: images.teaching, context.precision)
  }

  private func measures(
    _ set: ImageDataset, _ rows: FeatureRows, _ real: FeatureRows
  ) throws -> SampleReport.Measures {
    let frechet = FrechetDistance(rows, real)
    try context.stopIfAsked("interrupted before all was measured")
    let manifold = ManifoldMeasures(generated: rows, real: real)
    let kernel = KernelDistance.estimate(rows, real)
    try context.stopIfAsked("interrupted before all was measured")
    let window = ParzenWindow(
      around: set.pixelRows, validation: validation.pixelRows, test: images.test.pixelRows)
    return SampleReport.Measures(
      count: set.count, frechet: (frechet.value, frechet.unbiased), kernel: kernel,
      precision: manifold.precision, recall: manifold.recall, density: manifold.density,
      coverage: manifold.coverage, parzen: (window.width, window.logLikelihood))
  }
}
