/// Elementwise functions of two tensors, with broadcasting.
#pragma once
#include "kernels_layout.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The comparisons give 1 or 0; `KERNELS_KEEP` gives the left value where the right is not 0, else 0.
typedef enum {
  KERNELS_ADD,
  KERNELS_SUBTRACT,
  KERNELS_MULTIPLY,
  KERNELS_DIVIDE,
  KERNELS_MAXIMUM,
  KERNELS_MINIMUM,
  KERNELS_LESS,
  KERNELS_LESS_OR_EQUAL,
  KERNELS_EQUAL,
  KERNELS_KEEP,
} kernels_binary_function;

void kernels_binary(
  kernels_binary_function function, kernels_view left, kernels_view right, kernels_type type, void *output,
  int64_t count);

/// sum += addend, both dense.
void kernels_add_to(kernels_type type, void *sum, const void *addend, int64_t count);

#ifdef __cplusplus
}
#endif
