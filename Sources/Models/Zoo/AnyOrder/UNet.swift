import Layers
import Tensors

/// A convolutional network from an image to as large an image, by way of smaller ones: residual
/// blocks at each resolution, down by strided convolutions, up by transposed ones that add what the
/// way down saw (Ronneberger and others 2015, U-Net, section 2).
struct UNet: Sendable {
  private let first: Convolution
  private let down: [Level]
  private let places: PositionalEmbedding?
  private let mixing: [PlaceMixing]
  private let bottom: [ResidualBlock]
  private let up: [Level]
  private let conditions: [Linear]
  /// Features a pixel of the result.
  let featureCount: Int

  private struct Level: Sendable {
    let blocks: [ResidualBlock]
    let down: Convolution?
    let up: TransposedConvolution?
    let size: (height: Int, width: Int)
  }

  /// - Parameters:
  ///   - channels: features a pixel at half the image's size.
  ///   - blocks: residual blocks at each resolution, on either way.
  ///   - conditionCount: numbers that condition the network as a whole; 0 for none.
  ///   - context: how what is far off reaches a pixel.
  init(
    _ scope: Scope, inputs: Int, shape: ImageShape, channels: Int, blocks: Int, conditionCount: Int,
    context: GlobalContext
  ) {
    let sizes = Resolutions(shape).sizes
    let top = sizes.count - 1
    let gain = Float(2).squareRoot()
    let width = { (index: Int) in Resolutions.channels(at: index, of: channels) }
    let chain = { (name: String, index: Int) in
      (0..<blocks).map {
        ResidualBlock(scope / "\(name)\(index).block\($0)", channels: width(index))
      }
    }
    first = Convolution(scope / "first", inputs, width(0), kernel: (3, 3))
    down = (0..<top).map { index in
      Level(
        blocks: chain("down", index),
        down: Convolution(
          scope / "down\(index).to", width(index), width(index + 1), kernel: (3, 3),
          geometry: .around(kernel: 3, stride: 2), gain: gain), up: nil, size: sizes[index])
    }
    bottom = chain("bottom", top)
    up = (0..<top).reversed().map { index in
      Level(
        blocks: chain("up", index), down: nil,
        up: TransposedConvolution(
          scope / "up\(index).from", width(index + 1), width(index), kernel: (5, 5),
          geometry: .around(kernel: 5, stride: 2), gain: gain), size: sizes[index])
    }
    conditions =
      conditionCount > 0
      ? Set([0, top]).sorted().map {
        Linear(scope / "condition\($0)", conditionCount, width($0), bias: false)
      } : []
    featureCount = width(0)
    // Last, so that the other parameters begin as they do without.
    let (lowest, isMixing) = (sizes[top], context == .mixing)
    places =
      isMixing
      ? PositionalEmbedding(
        scope / "places", height: shape.height, width: shape.width, channels: width(0)) : nil
    mixing = (0..<(isMixing ? blocks : 0)).map {
      PlaceMixing(scope / "mixing\($0)", places: lowest.height * lowest.width)
    }
  }

  /// `[batch, height, width, inputs]` to `[batch, height, width, featureCount]`.
  ///
  /// - Parameter condition: float32 `[batch, conditionCount]`, where the network has one.
  func callAsFunction(_ image: Tensor, condition: Tensor? = nil) -> Tensor {
    var x = first(image)
    if let places { x = x + places(images: x.shape[0], x.elementType) }
    x = conditioned(x, condition, at: 0)
    var seen: [Tensor] = []
    for level in down {
      x = level.blocks.reduce(x) { $1($0) }
      seen.append(x)
      if let down = level.down { x = down(x.silu()) }
    }
    if !down.isEmpty { x = conditioned(x, condition, at: 1) }
    for (index, block) in bottom.enumerated() {
      if index < mixing.count { x = mixing[index](x) }
      x = block(x)
    }
    for level in up {
      if let up = level.up, let before = seen.popLast() {
        x = up(x.silu(), outputSize: level.size) + before
      }
      x = level.blocks.reduce(x) { $1($0) }
    }
    return x.silu()
  }

  private func conditioned(_ x: Tensor, _ condition: Tensor?, at index: Int) -> Tensor {
    guard let condition, index < conditions.count else { return x }
    let shift = conditions[index](condition)
    return x
      + shift.reshaped(to: [shift.shape[0], 1, 1, shift.shape[1]])
      .converted(to: x.elementType)
  }
}
