import Layers
import Tensors

extension OrderAgnostic {
  /// The means of the first pass's distributions: before any is drawn, each missing pixel is told of all known ones alone.
  public func completionMeans(_ requests: [CompletionRequest], _ pass: Pass) -> [[Float]] {
    let channels = shape.channels
    return Tiles.map(requests) { tile in
      let padded = tile.padded
      let parameters = parameters(
        of: ImageBatch(padded.map(\.levels), labels: padded.map(\.label), shape: shape),
        missing: padded.flatMap(\.missing), pass)
      let size = shape.dimensionCount
      return distribution.meanImages(parameters: parameters, shape: shape).withValues { means in
        tile.items.enumerated().map { index, request in
          request.levels.enumerated().map { place, level in
            request.missing[place / channels] ? means[index * size + place] : level
          }
        }
      }
    }
  }
}
