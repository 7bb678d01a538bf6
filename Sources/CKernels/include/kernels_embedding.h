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

/// sums[j] = the sum of table[indices[i], j] over i: runs of 16 rows in float32, the runs in float64. On the calling
/// thread alone.
void kernels_embedding_sum(
  const float *table, const int32_t *indices, int64_t count, int64_t size, double *sums);

#ifdef __cplusplus
}
#endif
