#include "random_private.h"

void kernels_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t output[4]) {
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  uint32_t k0 = key[0], k1 = key[1];
  for (int round = 0; round < 10; round++) {
    uint64_t first = (uint64_t)0xD2511F53u * c0, second = (uint64_t)0xCD9E8D57u * c2;
    uint32_t n0 = (uint32_t)(second >> 32) ^ c1 ^ k0, n2 = (uint32_t)(first >> 32) ^ c3 ^ k1;
    c1 = (uint32_t)second;
    c3 = (uint32_t)first;
    c0 = n0;
    c2 = n2;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  output[0] = c0;
  output[1] = c1;
  output[2] = c2;
  output[3] = c3;
}

/// Draws are numbered; four of them share a block.
static void block_of(uint64_t seed, uint32_t purpose, uint64_t index, uint64_t block, uint32_t output[4]) {
  uint32_t counter[4] = {(uint32_t)block, purpose_word(purpose, block), (uint32_t)index, (uint32_t)(index >> 32)};
  uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
  kernels_philox(counter, key, output);
}

/// 23 bits and a half: never 0 and never 1.
static float unit(uint32_t bits) { return ((float)(bits >> 9) + 0.5f) * 0x1p-23f; }

void kernels_uniform(
  uint64_t seed, uint32_t purpose, uint64_t index, uint64_t first, int64_t count, float *output) {
  PROFILED(4 * count);
  uint32_t words[4];
  uint64_t held = UINT64_MAX;
  for (int64_t i = 0; i < count; i++) {
    uint64_t draw = first + (uint64_t)i;
    if (draw / 4 != held) block_of(seed, purpose, index, held = draw / 4, words);
    output[i] = unit(words[draw % 4]);
  }
}

void kernels_normal(
  uint64_t seed, uint32_t purpose, uint64_t index, uint64_t first, int64_t count, float *output) {
  PROFILED(4 * count);
  uint32_t words[4];
  uint64_t held = UINT64_MAX;
  for (int64_t i = 0; i < count; i++) {
    uint64_t draw = first + (uint64_t)i;
    if (draw / 4 != held) block_of(seed, purpose, index, held = draw / 4, words);
    int pair = (int)(draw % 4) & 2;
    float radius = sqrtf(-2.0f * logf(unit(words[pair])));
    float angle = 6.283185307179586f * unit(words[pair + 1]);
    output[i] = radius * (draw % 2 ? sinf(angle) : cosf(angle));
  }
}
