import CKernels

/// Values brought to mean 0 and variance 1, then scaled and moved by learnt amounts.
extension Tensor {
  /// Layer normalisation over the last axis: `(x - mean) / sqrt(variance + epsilon) * scale + bias`.
  ///
  /// After Ba, Kiros and Hinton (2016).
  ///
  /// - Parameters:
  ///   - scale: float32 `[channels]`, or nil for 1.
  ///   - bias: float32 `[channels]`, or nil for 0.
  public func layerNormalized(
    scale: Tensor? = nil, bias: Tensor? = nil, epsilon: Float = 1e-5
  ) -> Tensor {
    normalized(images: shape.removing(-1).count, groups: 1, scale, bias, epsilon)
  }

  /// Group normalisation of `[batch, ..., channels]` (Wu and He 2018): over all positions of an image and
  /// each of `groups` runs of neighbouring channels.
  ///
  /// - Parameters:
  ///   - scale: float32 `[channels]`, or nil for 1.
  ///   - bias: float32 `[channels]`, or nil for 0.
  public func groupNormalized(
    groups: Int, scale: Tensor? = nil, bias: Tensor? = nil, epsilon: Float = 1e-5
  ) -> Tensor {
    precondition(groups > 0 && shape[-1] % groups == 0, "\(groups) groups of \(shape[-1]) channels")
    return normalized(images: shape[0], groups: groups, scale, bias, epsilon)
  }

  private func normalized(
    images: Int, groups: Int, _ scale: Tensor?, _ bias: Tensor?, _ epsilon: Float
  ) -> Tensor {
    let channels = shape[-1]
    for parameter in [scale, bias].compactMap({ $0 }) {
      precondition(parameter.shape == [channels], "\(parameter.shape) for \(channels) channels")
    }
    let result = Tensor(uninitialized: shape, elementType)
    let statistics = Tensor(uninitialized: [images, groups, 2])
    var normalization = kernels_normalization(
      type: elementType.kernels, input: pointer, images: Int64(images),
      positions: Int64(count / Swift.max(1, images * channels)), channels: Int64(channels),
      groups: Int64(groups), scale: scale?.floats, bias: bias?.floats)
    let scratchCount = Int(kernels_normalize_scratch(&normalization))
    let scratch = Tensor(uninitialized: [scratchCount])
    kernels_normalize(&normalization, epsilon, result.pointer, statistics.floats, scratch.floats)
    let parameters = [scale, bias].compactMap { $0 }
    let isRecorded = isRecorded
    let scaleIsRecorded = scale?.isRecorded ?? false
    let biasIsRecorded = bias?.isRecorded ?? false
    return result.recorded(from: [self] + parameters) { [self, normalization] gradient in
      let input = isRecorded ? Tensor(uninitialized: shape, elementType) : nil
      let ofScale = scaleIsRecorded ? Tensor(uninitialized: [channels]) : nil
      let ofBias = biasIsRecorded ? Tensor(uninitialized: [channels]) : nil
      let scratch = Tensor(uninitialized: [scratchCount])
      // What the pointers in `normalization` lead to is held by self, scale and bias.
      withExtendedLifetime((self, scale, bias)) {
        var normalization = normalization
        kernels_normalize_gradient(
          &normalization, statistics.floats, gradient.pointer, input?.pointer,
          ofScale?.floats, ofBias?.floats, scratch.floats)
      }
      return [input] + (scale == nil ? [] : [ofScale]) + (bias == nil ? [] : [ofBias])
    }
  }
}
