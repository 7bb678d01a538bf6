public import Tensors

/// The distribution of one pixel's levels, given what a network says of it.
///
/// Levels are whole numbers in `0 ..< levels`, as float32. Likelihoods are in nats, all channels of a pixel
/// together.
public protocol PixelDistribution: Sendable {
  /// Numbers that the network gives for a pixel.
  var parameterCount: Int { get }

  /// -log p of every pixel.
  ///
  /// - Parameters:
  ///   - parameters: float32 `[..., parameterCount]`.
  ///   - levels: float32 `[..., channels]`.
  /// - Returns: float32 of the leading axes' shape.
  func negativeLogLikelihood(parameters: Tensor, levels: Tensor) -> Tensor

  /// Uniform numbers that drawing one pixel takes.
  var drawsPerPixel: Int { get }

  /// Draws the levels of one pixel.
  ///
  /// - Parameters:
  ///   - parameters: `parameterCount` numbers.
  ///   - uniforms: `drawsPerPixel` numbers in (0, 1).
  ///   - temperature: 1 samples the distribution, less sharpens it.
  ///   - levels: gets one level a channel.
  func sample(
    parameters: UnsafeBufferPointer<Float>, uniforms: UnsafeBufferPointer<Float>,
    temperature: Float, levels: UnsafeMutableBufferPointer<Float>)

  /// The mean of each channel's level, in `0 ... levels - 1`.
  ///
  /// - Parameters:
  ///   - parameters: `parameterCount` numbers.
  ///   - levels: gets one value a channel.
  func mean(
    parameters: UnsafeBufferPointer<Float>, levels: UnsafeMutableBufferPointer<Float>)

  /// Whether numbers are differences from what is expected of a pixel by those beside it, where any are known.
  var heedsNeighbours: Bool { get }

  /// The numbers whose means are differences from what is expected, as differences from nothing.
  ///
  /// - Parameters:
  ///   - parameters: float32 `[..., parameterCount]`.
  ///   - expected: float32 `[..., channels]`: of the first channel a value in -1...1, of the others the difference from the channel
  ///     before.
  func relative(_ parameters: Tensor, to expected: Tensor) -> Tensor

  /// The means of many pixels' levels, through which gradients flow: float32 `[..., parameterCount]` to `[..., channels]`.
  func means(parameters: Tensor) -> Tensor
}

extension PixelDistribution {
  /// They are not.
  public var heedsNeighbours: Bool { false }
  /// As they are.
  public func relative(_ parameters: Tensor, to expected: Tensor) -> Tensor { parameters }
}
