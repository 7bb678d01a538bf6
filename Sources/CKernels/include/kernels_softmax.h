/// Softmax over the rows of [rows, size], and the losses that are fused with it and with the sigmoid.
#pragma once
#include "kernels_convert.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { KERNELS_SOFTMAX, KERNELS_LOG_SOFTMAX } kernels_softmax_function;

void kernels_softmax(
  kernels_softmax_function function, kernels_type type, const void *input, int64_t rows, int64_t size,
  void *output);

void kernels_softmax_gradient(
  kernels_softmax_function function, kernels_type type, const void *output, const void *output_gradient,
  int64_t rows, int64_t size, void *input_gradient);

/// losses[r] = log sum exp of row r - input[r, targets[r]]; `log_sums` gets the first term for the gradient.
void kernels_softmax_cross_entropy(
  kernels_type type, const void *input, const int32_t *targets, int64_t rows, int64_t size, float *losses,
  float *log_sums);

void kernels_softmax_cross_entropy_gradient(
  kernels_type type, const void *input, const int32_t *targets, const float *log_sums,
  const float *loss_gradient, int64_t rows, int64_t size, void *input_gradient);

/// losses[i] = log(1 + exp(x)) - x t, in a form that neither overflows nor cancels.
void kernels_sigmoid_cross_entropy(
  kernels_type type, const void *input, kernels_type target_type, const void *targets, int64_t count,
  float *losses);

/// Writes (sigmoid(x) - t) times the loss's gradient.
void kernels_sigmoid_cross_entropy_gradient(
  kernels_type type, const void *input, kernels_type target_type, const void *targets,
  const float *loss_gradient, int64_t count, void *input_gradient);

#ifdef __cplusplus
}
#endif
