import Tensors

extension CompletionRequest {
  /// A request for an image of which every pixel is missing.
  init(everyPixelOf shape: ImageShape, _ request: SampleRequest) {
    self.init(
      levels: [Float](repeating: 0, count: shape.dimensionCount),
      missing: [Bool](repeating: true, count: shape.pixelCount), label: request.label,
      random: request.random)
  }
}
