/// Normalisation of [images, positions, channels] over all positions of an image and each of `groups` runs of
/// neighbouring channels: group normalisation; layer normalisation with one position and one group.
#pragma once
#include "kernels_convert.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  kernels_type type;
  const void *input;
  int64_t images, positions, channels, groups;
  /// Float32 [channels] each, or null for 1 and 0.
  const float *scale, *bias;
} kernels_normalization;

/// Floats of scratch memory that either direction needs.
int64_t kernels_normalize_scratch(const kernels_normalization *normalization);

/// output = (input - mean) / sqrt(variance + epsilon) * scale + bias; `statistics` gets the mean and the
/// reciprocal deviation of every group, [images, groups, 2].
void kernels_normalize(
  const kernels_normalization *normalization, float epsilon, void *output, float *statistics, float *scratch);

/// The gradients of the input, of scale and of bias, the latter float32 [channels] each; none where null.
void kernels_normalize_gradient(
  const kernels_normalization *normalization, const float *statistics, const void *output_gradient,
  void *input_gradient, float *scale_gradient, float *bias_gradient, float *scratch);

#ifdef __cplusplus
}
#endif
