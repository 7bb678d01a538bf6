import Models
import Tensors
import Training

extension ImageDataset {
  /// The images as rows of pixels, values in 0...1.
  var pixelRows: FeatureRows {
    let highest = Float(shape.levels - 1)
    return FeatureRows(count: count, width: shape.dimensionCount) { range in
      let levels = batch(Array(range)).levels
      return levels.reshaped(to: [range.count, shape.dimensionCount]) / highest
    }
  }
}
