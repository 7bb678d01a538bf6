/// Rows of a table by their numbers.
#pragma once
#include "kernels_convert.h"

#ifdef __cplusplus
extern "C" {
#endif

/// output[i, :] = table[indices[i], :]
void kernels_embedding(
  kernels_type type, const void *table, const int32_t *indices, int64_t count, int64_t size, void *output);

/// table_gradient[indices[i], :] += output_gradient[i, :], in the order of i; the table's gradient is float32 and
/// holds zeros before.
void kernels_embedding_gradient(
  kernels_type type, const void *output_gradient, const int32_t *indices, int64_t count, int64_t size,
  float *table_gradient);

#ifdef __cplusplus
}
#endif
