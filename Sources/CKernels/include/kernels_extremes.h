/// Largest values and log-sum-exp along the middle axis of [outer, size, inner], `size` at least 1.
#pragma once
#include "kernels_convert.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The largest values; `places`, unless null, gets where along the axis the first of them stands.
void kernels_max(
  kernels_type type, const void *input, int64_t outer, int64_t size, int64_t inner, void *output,
  int32_t *places);

/// Puts the gradient where the largest values stood and 0 elsewhere.
void kernels_max_gradient(
  kernels_type type, const int32_t *places, const void *output_gradient, int64_t outer, int64_t size,
  int64_t inner, void *input_gradient);

/// log sum exp, float32 whatever the input is.
void kernels_log_sum_exp(
  kernels_type type, const void *input, int64_t outer, int64_t size, int64_t inner, float *output);

/// exp(input - output) times the output's gradient, which is float32.
void kernels_log_sum_exp_gradient(
  kernels_type type, const void *input, const float *output, const float *output_gradient, int64_t outer,
  int64_t size, int64_t inner, void *input_gradient);

#ifdef __cplusplus
}
#endif
