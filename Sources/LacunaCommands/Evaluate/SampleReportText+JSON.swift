import Files
import Tasks

extension SampleReportText {
  static func entries(_ report: SampleReport) -> [(name: String, value: JSON)] {
    [
      ("features", .text(report.features)), ("real_images", .integer(report.testCount)),
      ("teaching_images", .integer(report.teachingCount)),
      (
        "generated_images",
        json(report.generated, report.nearest, accuracy: report.accuracy.generated)
      ),
      (
        "real_in_their_place",
        json(report.real, report.realNearest, accuracy: report.accuracy.real)
      ),
      ("classes", report.classes.map(json) ?? .null),
    ]
  }

  private static func json(
    _ measures: SampleReport.Measures, _ nearest: SampleReport.Nearest, accuracy: Double?
  ) -> JSON {
    .object([
      ("images", .integer(measures.count)),
      ("frechet_distance", .number(measures.frechet.value)),
      ("frechet_distance_extrapolated", .number(measures.frechet.unbiased)),
      ("kernel_distance", json(measures.kernel)),
      ("precision", .number(measures.precision)), ("recall", .number(measures.recall)),
      ("density", .number(measures.density)), ("coverage", .number(measures.coverage)),
      ("nearest_original_median", .number(nearest.medianDistance)),
      ("copies", .number(nearest.copyShare)),
      ("parzen_nats", json(measures.parzen.logLikelihood)),
      ("parzen_width", .number(measures.parzen.width)),
      ("classifier_accuracy", accuracy.map(JSON.number) ?? .null),
    ])
  }

  private static func json(_ mean: MeanEstimate) -> JSON {
    .object([
      ("value", .number(mean.value)),
      ("standard_error", mean.standardError.map(JSON.number) ?? .null),
    ])
  }

  private static func json(_ classes: SampleReport.Classes) -> JSON {
    .object([
      ("names", .list(classes.names.map(JSON.text))),
      ("generated_images", .list(classes.generated.map(JSON.integer))),
      ("real_images", .list(classes.real.map(JSON.integer))),
      ("missed", .list(classes.missed.map(JSON.text))),
      ("chi_square", .number(classes.test.value)),
      ("degrees_of_freedom", .integer(classes.test.freedom)),
      ("probability", .number(classes.test.probability)),
      ("agreement_with_labels", classes.agreement.map(JSON.number) ?? .null),
    ])
  }
}
