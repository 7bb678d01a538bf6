/// The gradient of a convolution's weights, for processors on which oneDNN's own falls short.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "kernels_convert.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A two-dimensional convolution of dense NHWC images of a type; paddings may be negative.
typedef struct {
  int64_t batch;
  int64_t input_height, input_width, input_channels;
  int64_t output_height, output_width, output_channels;
  int64_t kernel_height, kernel_width;
  int64_t stride_height, stride_width;
  int64_t dilation_height, dilation_width;
  int64_t padding_top, padding_left;
  kernels_type type;
} kernels_convolution;

/// Whether `kernels_convolution_weight_gradient` serves this shape on this processor.
bool kernels_convolution_serves(const kernels_convolution *shape);

/// Bytes of scratch memory, 64-byte aligned, that it needs.
int64_t kernels_convolution_scratch(const kernels_convolution *shape);

/// Writes the float32 gradients of the weights [output, input, height, width] and, unless null, of the bias
/// [output], from the input and the output's gradient. Stays on the caller's thread.
void kernels_convolution_weight_gradient(
  const kernels_convolution *shape, const void *input, const void *output_gradient, float *weights,
  float *bias, void *scratch);

#ifdef __cplusplus
}
#endif
