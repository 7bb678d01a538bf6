public import Tensors

/// Layer normalisation: every row of the last axis gets mean 0 and variance 1, then a scale and a bias a channel.
///
/// Ba, Kiros and Hinton 2016, Layer Normalization, section 3. Scale starts at 1, bias at 0.
public struct LayerNormalization: Sendable {
  /// Float32 `[channels]`.
  public let scale: Parameter
  /// Float32 `[channels]`.
  public let bias: Parameter
  /// Added to the variance.
  public let epsilon: Float

  /// Registers `weight` and `bias` under `scope`.
  public init(_ scope: Scope, channels: Int, epsilon: Float = 1e-5) {
    scale = scope.parameter("weight", [channels], .constant(1))
    bias = scope.parameter("bias", [channels], .constant(0))
    self.epsilon = epsilon
  }

  /// `[..., channels]` to the same shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.layerNormalized(scale: scale.value, bias: bias.value, epsilon: epsilon)
  }
}

/// Group normalisation of NHWC images: the channels of a group, at all pixels of an image, get mean 0 and variance 1
/// together, then a scale and a bias a channel.
///
/// Wu and He 2018, Group Normalization, section 3. Scale starts at 1, bias at 0.
public struct GroupNormalization: Sendable {
  /// Float32 `[channels]`.
  public let scale: Parameter
  /// Float32 `[channels]`.
  public let bias: Parameter
  /// Groups that the channels are shared among.
  public let groups: Int
  /// Added to the variance.
  public let epsilon: Float

  /// Registers `weight` and `bias` under `scope`; `groups` divides `channels`.
  public init(_ scope: Scope, channels: Int, groups: Int, epsilon: Float = 1e-5) {
    precondition(channels % groups == 0, "\(groups) groups of \(channels) channels")
    scale = scope.parameter("weight", [channels], .constant(1))
    bias = scope.parameter("bias", [channels], .constant(0))
    self.groups = groups
    self.epsilon = epsilon
  }

  /// `[batch, height, width, channels]` to the same shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.groupNormalized(groups: groups, scale: scale.value, bias: bias.value, epsilon: epsilon)
  }
}
