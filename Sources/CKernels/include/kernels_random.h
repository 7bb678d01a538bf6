/// Philox 4x32-10, a counter-based generator (Salmon et al. 2011, section 3.3): the n-th number of a stream is
/// computed from n alone.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// One block of four 32-bit words.
void kernels_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t output[4]);

/// `count` uniforms in the open interval (0, 1), draws `first ..< first + count` of the stream
/// (seed, purpose, index), whose purpose lies under 256. A stream repeats itself after 2^58 draws.
void kernels_uniform(
  uint64_t seed, uint32_t purpose, uint64_t index, uint64_t first, int64_t count, float *output);

/// `count` standard normal values (Box and Muller), likewise.
void kernels_normal(
  uint64_t seed, uint32_t purpose, uint64_t index, uint64_t first, int64_t count, float *output);

#ifdef __cplusplus
}
#endif
