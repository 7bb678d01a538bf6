/// Moving runs of bytes: what joining, slicing, padding and shifting are made of.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Copies `rows` runs of `row_bytes` whose starts lie `from_pitch` and `to_pitch` bytes apart; from null it
/// writes zeros.
void kernels_copy_rows(
  const void *from, int64_t from_pitch, void *to, int64_t to_pitch, int64_t row_bytes, int64_t rows);

#ifdef __cplusplus
}
#endif
