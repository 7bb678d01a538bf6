#include "kernels_private.h"

CLONES void kernels_mask(
  const float *weights, int64_t rows, int64_t columns, int64_t stride, const int32_t *ranks, const int32_t *reaches,
  float *result) {
  PROFILED(8 * rows * columns);
  for (int64_t row = 0; row < rows; row++) {
    const float *from = weights + row * stride;
    float *to = result + row * stride;
    int32_t reach = reaches[row];
#pragma clang loop vectorize(assume_safety)
    for (int64_t i = 0; i < columns; i++) to[i] = ranks[i] < reach ? from[i] : 0;
  }
}
