#include "random_private.h"

typedef struct {
  uint64_t seed, index;
  uint32_t purpose, threshold;
  float scale;
  kernels_type type;
  const void *input;
  void *output;
  int64_t count;
} dropping;

/// The words of BLOCK draws, as `kernels_philox` gives them: here in a loop that vectorises.
INLINED void draw_block(const dropping *d, int64_t block, uint32_t *restrict words) {
  // A block's numbers have their upper half in common.
  uint32_t purpose = purpose_word(d->purpose, (uint64_t)block * (BLOCK / 4));
  for (int64_t i = 0; i < BLOCK / 4; i++) {
    uint32_t c0 = (uint32_t)(block * (BLOCK / 4) + i), c1 = purpose, c2 = (uint32_t)d->index;
    uint32_t c3 = (uint32_t)(d->index >> 32), k0 = (uint32_t)d->seed, k1 = (uint32_t)(d->seed >> 32);
    for (int round = 0; round < 10; round++) {
      uint64_t first = (uint64_t)0xD2511F53u * c0, second = (uint64_t)0xCD9E8D57u * c2;
      c0 = (uint32_t)(second >> 32) ^ c1 ^ k0;
      c2 = (uint32_t)(first >> 32) ^ c3 ^ k1;
      c1 = (uint32_t)second;
      c3 = (uint32_t)first;
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
    words[4 * i] = c0;
    words[4 * i + 1] = c1;
    words[4 * i + 2] = c2;
    words[4 * i + 3] = c3;
  }
}

CLONES static void drop_blocks(const dropping *d, int64_t begin, int64_t end) {
  float values[BLOCK];
  uint32_t words[BLOCK];
  for (int64_t block = begin; block < end; block++) {
    int64_t start = block * BLOCK, n = d->count - start < BLOCK ? d->count - start : BLOCK;
    draw_block(d, block, words);
    load_block(d->type, d->input, start, n, values);
    for (int64_t i = 0; i < n; i++) values[i] = words[i] >= d->threshold ? values[i] * d->scale : 0.0f;
    store_block(d->type, values, d->output, start, n);
  }
}

static void body(void *context, int64_t begin, int64_t end) { drop_blocks(context, begin, end); }

void kernels_dropout(
  uint64_t seed, uint32_t purpose, uint64_t index, double rate, kernels_type type, const void *input,
  void *output, int64_t count) {
  PROFILED(2 * count * kernels_size(type));
  dropping d = {seed,  index, purpose, (uint32_t)(rate * 4294967296.0), (float)(1.0 / (1.0 - rate)), type, input,
                output, count};
  kernels_parallel_for((count + BLOCK - 1) / BLOCK, GRAIN / BLOCK, body, &d);
}
