public import Tensors

/// Draws a tile of images pixel by pixel in raster order.
///
/// A tile has `rows` images, padded where fewer are asked for: a product's rounding can depend on its number of rows, and
/// an image's bytes must not depend on its company. They are fewer than `Tiles.size` only where that was seen to change nothing.
public protocol PixelStepper: AnyObject {
  /// Images of the tile.
  var rows: Int { get }

  /// Float32 `[rows, parameterCount]`: the distribution of the next pixel in every image.
  ///
  /// Need not be called where no image misses the pixel.
  func nextParameters() -> Tensor

  /// Sets the next pixel of every image, `rows * channels` levels, and goes on to the one after.
  func advance(_ levels: [Float])

  /// Makes image i a copy of image `sources[i]`, everything remembered of the pixels so far.
  ///
  /// To be called before the next pixel's parameters are asked for. An image and its source have the same label and order,
  /// and a source stays as it is: `sources[sources[i]] == sources[i]`.
  ///
  /// - Parameter sources: `rows` places.
  func copyImages(_ sources: [Int])
}

extension PixelStepper {
  /// A full tile.
  public var rows: Int { Tiles.size }
}
