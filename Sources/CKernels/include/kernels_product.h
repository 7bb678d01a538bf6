/// Products of a few rows with large float32 weights.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// result [rows][columns] = input [rows][inner] weights (+ bias [columns]), input and result in bfloat16.
typedef struct {
  int64_t rows, inner, columns;
  /// The weights are stored [columns][inner], else [inner][columns].
  bool transposed;
  /// Where not null, [inner] and [columns]: a weight counts only where its inner key is below its column's.
  const int32_t *inner_keys, *column_keys;
} kernels_product;

/// Whether `kernels_thin_product` serves this shape on this processor, faster than packing the weights and using them once or
/// twice would be.
bool kernels_thin_product_serves(const kernels_product *shape);

/// The product with float32 weights as they are, rounded to bfloat16 on the way; `bias` may be null. A result does not
/// depend on the other rows.
void kernels_thin_product(
  const kernels_product *shape, const void *input, const float *weights, const float *bias, void *result);

/// Weights [rows][columns], `stride` apart, of which those count whose rank [columns] is below the reach [rows]: the others become zeros in
/// `result`, whose rows are as far apart and which may be the same memory.
void kernels_mask(
  const float *weights, int64_t rows, int64_t columns, int64_t stride, const int32_t *ranks, const int32_t *reaches,
  float *result);

#ifdef __cplusplus
}
#endif
