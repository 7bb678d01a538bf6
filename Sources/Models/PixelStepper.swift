public import Tensors

/// Draws a tile of images pixel by pixel in raster order.
///
/// The tile always has `tileSize` images, padded where fewer are asked for: a product's rounding can depend on its
/// number of rows, and an image's bytes must not depend on its company.
public protocol PixelStepper: AnyObject {
  /// Float32 `[tileSize, parameterCount]`: the distribution of the next pixel in every image.
  ///
  /// Need not be called where no image misses the pixel.
  func nextParameters() -> Tensor

  /// Sets the next pixel of every image, `tileSize * channels` levels, and goes on to the one after.
  func advance(_ levels: [Float])
}

/// Images that are drawn together.
public let tileSize = 64
