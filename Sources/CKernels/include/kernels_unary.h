/// Elementwise functions of one tensor.
#pragma once
#include "kernels_convert.h"

#ifdef __cplusplus
extern "C" {
#endif

/// p and q are the parameters of a function that has any.
typedef enum {
  /// p x + q
  KERNELS_AFFINE,
  /// p / x
  KERNELS_RECIPROCAL,
  KERNELS_EXP,
  KERNELS_LOG,
  KERNELS_SQUARE,
  KERNELS_SQUARE_ROOT,
  KERNELS_ABSOLUTE,
  /// Between p and q.
  KERNELS_CLAMP,
  KERNELS_TANH,
  KERNELS_SIGMOID,
  /// log(1 + exp(x))
  KERNELS_SOFTPLUS,
  /// x where positive, p x elsewhere
  KERNELS_RELU,
  /// x where positive, p (exp(x) - 1) elsewhere
  KERNELS_ELU,
  /// x sigmoid(x)
  KERNELS_SILU,
} kernels_unary_function;

void kernels_unary(
  kernels_unary_function function, float p, float q, kernels_type type, const void *input, void *output,
  int64_t count);

/// Writes the derivative at the input times the output's gradient.
void kernels_unary_gradient(
  kernels_unary_function function, float p, float q, kernels_type type, const void *input,
  const void *output_gradient, void *input_gradient, int64_t count);

#ifdef __cplusplus
}
#endif
