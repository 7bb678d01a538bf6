/// Sums along the middle axis of [outer, size, inner].
#pragma once
#include "kernels_convert.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Floats of scratch memory that `kernels_sum` needs; 0 where it needs none.
int64_t kernels_sum_scratch(int64_t outer, int64_t size, int64_t inner);

/// output[o, i] = scale * sum over s of input[o, s, i], accumulated over fixed pieces of the axis, whose sums
/// are added in order: the same bits for any number of threads.
void kernels_sum(
  kernels_type type, const void *input, int64_t outer, int64_t size, int64_t inner, float scale,
  kernels_type output_type, void *output, float *scratch);

#ifdef __cplusplus
}
#endif
