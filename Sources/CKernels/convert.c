#include "kernels_private.h"

typedef struct {
  kernels_type from_type, to_type;
  const void *from;
  void *to;
} conversion;

CLONES static void convert_range(const conversion *c, int64_t begin, int64_t end) {
  float block[BLOCK];
  for (int64_t i = begin; i < end; i += BLOCK) {
    int64_t n = end - i < BLOCK ? end - i : BLOCK;
    load_block(c->from_type, c->from, i, n, block);
    store_block(c->to_type, block, c->to, i, n);
  }
}

static void body(void *context, int64_t begin, int64_t end) { convert_range(context, begin, end); }

void kernels_convert(kernels_type from_type, const void *from, kernels_type to_type, void *to, int64_t count) {
  PROFILED(count * (kernels_size(from_type) + kernels_size(to_type)));
  conversion c = {from_type, to_type, from, to};
  kernels_parallel_for(count, GRAIN, body, &c);
}
