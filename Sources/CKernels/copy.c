#include "kernels_private.h"

typedef struct {
  const char *from;
  int64_t from_pitch;
  char *to;
  int64_t to_pitch, row_bytes;
} copying;

static void copy_range(void *context, int64_t begin, int64_t end) {
  const copying *c = context;
  for (int64_t row = begin; row < end; row++) {
    if (c->from)
      memcpy(c->to + row * c->to_pitch, c->from + row * c->from_pitch, (size_t)c->row_bytes);
    else
      memset(c->to + row * c->to_pitch, 0, (size_t)c->row_bytes);
  }
}

void kernels_copy_rows(
  const void *from, int64_t from_pitch, void *to, int64_t to_pitch, int64_t row_bytes, int64_t rows) {
  PROFILED(2 * row_bytes * rows);
  if (row_bytes <= 0) return;
  copying c = {from, from_pitch, to, to_pitch, row_bytes};
  kernels_parallel_for(rows, 1 + 4 * GRAIN / row_bytes, copy_range, &c);
}
