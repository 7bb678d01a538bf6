/// Hidden units that are carried from pixel to pixel, as NADE's are.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Sizes of both ways.
typedef struct {
  int64_t images, pixels, channels, hidden, outputs;
} kernels_nade_shape;

/// h_i = sigmoid(start + sum over j < i of x_j W_j) and the sums V_i h_i.
///
/// `values` x `[images, pixels, channels]`, `start` `[images, hidden]`, `input_weights` W `[pixels, channels, hidden]`,
/// `output_weights` V `[pixels, outputs, hidden]`, `units` h `[pixels, images, hidden]`, `sums` `[images, pixels,
/// outputs]`; all float32.
void kernels_nade_forward(
  kernels_nade_shape shape, const float *values, const float *start, const float *input_weights,
  const float *output_weights, float *units, float *sums);

/// The gradients of all operands from those of the sums; `of_values` may be null. Weights' gradients are overwritten.
void kernels_nade_backward(
  kernels_nade_shape shape, const float *values, const float *input_weights, const float *output_weights,
  const float *units, const float *of_sums, float *of_values, float *of_start, float *of_input_weights,
  float *of_output_weights);

#ifdef __cplusplus
}
#endif
