/// Dropout with a mask that is computed anew from its address whenever it is needed.
#pragma once
#include "kernels_convert.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Keeps element i, divided by 1 - rate, where word i of the stream (seed, purpose, index) is at least
/// rate 2^32, and writes 0 elsewhere: forward on values, backward on gradients.
void kernels_dropout(
  uint64_t seed, uint32_t purpose, uint64_t index, double rate, kernels_type type, const void *input,
  void *output, int64_t count);

#ifdef __cplusplus
}
#endif
