#include "view.h"

void kernels_layout_append(kernels_layout *layout, int64_t size, int64_t stride) {
  if (size == 1) return;
  int last = layout->rank - 1;
  if (last >= 0 && layout->strides[last] == stride * size) {
    layout->sizes[last] *= size;
    layout->strides[last] = stride;
    return;
  }
  layout->sizes[layout->rank] = size;
  layout->strides[layout->rank] = stride;
  layout->rank++;
}

typedef struct {
  kernels_view from;
  kernels_type to_type;
  void *to;
} gathering;

CLONES static void gather_range(const gathering *g, int64_t begin, int64_t end) {
  float block[BLOCK];
  for (int64_t i = begin; i < end; i += BLOCK) {
    int64_t n = end - i < BLOCK ? end - i : BLOCK;
    store_block(g->to_type, view_block(&g->from, i, n, block), g->to, i, n);
  }
}

static void body(void *context, int64_t begin, int64_t end) { gather_range(context, begin, end); }

void kernels_gather(kernels_view from, kernels_type to_type, void *to, int64_t count) {
  PROFILED(count * (kernels_size(from.type) + kernels_size(to_type)));
  gathering g = {from, to_type, to};
  kernels_parallel_for(count, GRAIN, body, &g);
}
