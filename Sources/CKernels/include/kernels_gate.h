/// The gated activation of PixelCNN and WaveNet: tanh(a) * sigmoid(b), fused with its condition.
#pragma once
#include "kernels_convert.h"

#ifdef __cplusplus
extern "C" {
#endif

/// `input` is [rows, 2 * channels], the tanh half first; `output` is [rows, channels]. `condition`, or null,
/// is float32 [groups, 2 * channels] and is added to `rows_per_group` consecutive rows each. Rows of the
/// input begin `input_stride` elements apart. `addend`, or null, is added to the output, and may be the output itself.
void kernels_gate_forward(
  kernels_type type, const void *input, int64_t input_stride, const float *condition,
  const void *addend, void *output, int64_t rows, int64_t rows_per_group, int64_t channels);

/// Writes the gradient of `input`; the caller sums it over a group for the condition's.
void kernels_gate_backward(
  kernels_type type, const void *input, const float *condition, const void *output_gradient,
  void *input_gradient, int64_t rows, int64_t rows_per_group, int64_t channels);

#ifdef __cplusplus
}
#endif
