#include "kernels_private.h"

/// Columns that one item of the gradient handles, and that a sum of rows keeps in registers.
enum { COLUMNS = 64 };

/// Rows that are added in float32 before their sum is added in float64.
enum { RUN = 16 };

typedef struct {
  kernels_type type;
  const void *from;
  const int32_t *indices;
  int64_t count, size;
  void *to;
} embedding;

static void look_up(void *context, int64_t begin, int64_t end) {
  const embedding *e = context;
  int64_t bytes = e->size * (e->type == KERNELS_FLOAT32 ? 4 : 2);
  for (int64_t i = begin; i < end; i++)
    memcpy((char *)e->to + i * bytes, (const char *)e->from + e->indices[i] * bytes, (size_t)bytes);
}

CLONES static void scatter_columns(const embedding *e, int64_t begin, int64_t end) {
  float block[COLUMNS];
  for (int64_t item = begin; item < end; item++) {
    int64_t column = item * COLUMNS, n = e->size - column < COLUMNS ? e->size - column : COLUMNS;
    for (int64_t i = 0; i < e->count; i++) {
      const float *gradient = float_block(e->type, e->from, i * e->size + column, n, block);
      float *to = (float *)e->to + e->indices[i] * e->size + column;
      for (int64_t j = 0; j < n; j++) to[j] += gradient[j];
    }
  }
}

static void scatter(void *context, int64_t begin, int64_t end) { scatter_columns(context, begin, end); }

void kernels_embedding(
  kernels_type type, const void *table, const int32_t *indices, int64_t count, int64_t size, void *output) {
  PROFILED(2 * count * size * kernels_size(type));
  embedding e = {type, table, indices, count, size, output};
  kernels_parallel_for(count, 1 + GRAIN / (size + 1), look_up, &e);
}

void kernels_embedding_gradient(
  kernels_type type, const void *output_gradient, const int32_t *indices, int64_t count, int64_t size,
  float *table_gradient) {
  PROFILED(count * size * (kernels_size(type) + 8));
  embedding e = {type, output_gradient, indices, count, size, table_gradient};
  kernels_parallel_for((size + COLUMNS - 1) / COLUMNS, 1 + GRAIN / (COLUMNS * (count + 1)), scatter, &e);
}

/// Sums of neighbouring columns; a constant number of them stays in registers.
INLINED void sum_columns(
  const float *table, const int32_t *indices, int64_t count, int64_t size, int64_t column, int64_t n,
  double *sums) {
  double total[COLUMNS] = {0};
  for (int64_t start = 0; start < count; start += RUN) {
    int64_t end = count - start < RUN ? count : start + RUN;
    float part[COLUMNS] = {0};
    for (int64_t i = start; i < end; i++) {
      const float *row = table + indices[i] * size + column;
      for (int64_t j = 0; j < n; j++) part[j] += row[j];
    }
    for (int64_t j = 0; j < n; j++) total[j] += part[j];
  }
  memcpy(sums + column, total, (size_t)n * 8);
}

CLONES void kernels_embedding_sum(
  const float *table, const int32_t *indices, int64_t count, int64_t size, double *sums) {
  int64_t column = 0;
  for (; column + COLUMNS <= size; column += COLUMNS)
    sum_columns(table, indices, count, size, column, COLUMNS, sums);
  for (; column + 16 <= size; column += 16) sum_columns(table, indices, count, size, column, 16, sums);
  if (column < size) sum_columns(table, indices, count, size, column, size - column, sums);
}
