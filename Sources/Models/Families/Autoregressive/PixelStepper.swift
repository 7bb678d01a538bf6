public import Tensors

/// Draws a tile of images pixel by pixel in raster order.
///
/// The tile always has `Tiles.size` images, padded where fewer are asked for: a product's rounding can depend on its
/// number of rows, and an image's bytes must not depend on its company.
public protocol PixelStepper: AnyObject {
  /// Float32 `[Tiles.size, parameterCount]`: the distribution of the next pixel in every image.
  ///
  /// Need not be called where no image misses the pixel.
  func nextParameters() -> Tensor

  /// Sets the next pixel of every image, `tileSize * channels` levels, and goes on to the one after.
  func advance(_ levels: [Float])

  /// Makes image i a copy of image `sources[i]`, everything remembered of the pixels so far.
  ///
  /// To be called before the next pixel's parameters are asked for. An image and its source have the same label and order,
  /// and a source stays as it is: `sources[sources[i]] == sources[i]`.
  ///
  /// - Parameter sources: `Tiles.size` places.
  func copyImages(_ sources: [Int])
}
