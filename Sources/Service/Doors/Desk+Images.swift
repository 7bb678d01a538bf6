import Images
import Models
import Tasks
import Training

extension Desk {
  /// The images of a request, decoded.
  func images(_ form: Form) throws(Problem) -> [Image] {
    let all = form.images("images")
    guard (1...options.maximumSamples).contains(all.count) else {
      throw .unprocessable(
        "there are \(all.count) images", remedy: "send 1 to \(options.maximumSamples)")
    }
    var images: [Image] = []
    for bytes in all { images.append(try image(bytes, field: "images")) }
    return images
  }

  /// The features of images.
  func features(
    of images: [Image], _ model: ServedModel, variances: Bool = false, predictions: Bool = false,
    _ call: Call
  ) async throws(Problem) -> [FeatureEncoder.Features] {
    var wanted = FeatureEncoder.Options()
    wanted.wantsVariances = variances
    wanted.wantsPredictions = predictions
    let encoder: FeatureEncoder
    do {
      encoder = try FeatureEncoder(model.file.model, wanted, context)
    } catch {
      throw Problem(error)
    }
    let lane = LaneKey(
      model: model, kind: .encode(wantsVariances: variances, wantsPredictions: predictions))
    let answer = try await answer(
      .encode(images.map(encoder.levels)), lane, rows: images.count, call)
    guard case .encoded(let features) = answer else { throw .closing }
    return features
  }
}
