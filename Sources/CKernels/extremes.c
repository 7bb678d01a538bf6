#include "kernels_private.h"

/// Columns of the inner axis that are handled at a time.
enum { COLUMNS = 256 };

typedef struct {
  kernels_type type;
  const void *input, *output_gradient;
  int64_t size, inner, chunks;
  const float *log_sums;
  int32_t *places;
  void *output;
} extremes;

/// One chunk of columns of one outer index.
typedef struct {
  int64_t input, output, count;
} chunk;

INLINED chunk chunk_of(const extremes *e, int64_t item) {
  int64_t outer = item / e->chunks, column = item % e->chunks * COLUMNS;
  int64_t rest = e->inner - column;
  return (chunk){outer * e->size * e->inner + column, outer * e->inner + column, rest < COLUMNS ? rest : COLUMNS};
}

CLONES static void max_items(const extremes *e, int64_t begin, int64_t end) {
  float block[COLUMNS], most[COLUMNS];
  int32_t places[COLUMNS];
  for (int64_t item = begin; item < end; item++) {
    chunk c = chunk_of(e, item);
    load_block(e->type, e->input, c.input, c.count, most);
    memset(places, 0, sizeof places);
    for (int64_t row = 1; row < e->size; row++) {
      const float *x = float_block(e->type, e->input, c.input + row * e->inner, c.count, block);
      for (int64_t i = 0; i < c.count; i++) {
        bool larger = x[i] > most[i];
        places[i] = larger ? (int32_t)row : places[i];
        most[i] = larger ? x[i] : most[i];
      }
    }
    store_block(e->type, most, e->output, c.output, c.count);
    if (e->places) memcpy(e->places + c.output, places, (size_t)c.count * 4);
  }
}

CLONES static void max_gradient_items(const extremes *e, int64_t begin, int64_t end) {
  float gradient[COLUMNS], block[COLUMNS];
  for (int64_t item = begin; item < end; item++) {
    chunk c = chunk_of(e, item);
    load_block(e->type, e->output_gradient, c.output, c.count, gradient);
    const int32_t *places = e->places + c.output;
    for (int64_t row = 0; row < e->size; row++) {
      for (int64_t i = 0; i < c.count; i++) block[i] = places[i] == row ? gradient[i] : 0.0f;
      store_block(e->type, block, e->output, c.input + row * e->inner, c.count);
    }
  }
}

/// log sum exp of a contiguous row.
INLINED float log_sum_exp_row(kernels_type type, const void *input, int64_t start, int64_t size) {
  float block[COLUMNS], most = -INFINITY, sum = 0;
  for (int64_t i = 0; i < size; i += COLUMNS) {
    int64_t n = size - i < COLUMNS ? size - i : COLUMNS;
    float largest = row_max(float_block(type, input, start + i, n, block), n);
    most = most < largest ? largest : most;
  }
  if (most == -INFINITY) return most;
  for (int64_t i = 0; i < size; i += COLUMNS) {
    int64_t n = size - i < COLUMNS ? size - i : COLUMNS;
    const float *x = float_block(type, input, start + i, n, block);
    for (int64_t j = 0; j < n; j++) block[j] = fast_exp(x[j] - most);
    sum += row_sum(block, n);
  }
  return most + fast_log(sum);
}

CLONES static void log_sum_exp_items(const extremes *e, int64_t begin, int64_t end) {
  float block[COLUMNS], most[COLUMNS], sums[COLUMNS];
  for (int64_t item = begin; item < end; item++) {
    chunk c = chunk_of(e, item);
    float *result = (float *)e->output + c.output;
    if (e->inner == 1) {
      *result = log_sum_exp_row(e->type, e->input, c.input, e->size);
      continue;
    }
    load_block(e->type, e->input, c.input, c.count, most);
    for (int64_t row = 1; row < e->size; row++) {
      const float *x = float_block(e->type, e->input, c.input + row * e->inner, c.count, block);
      for (int64_t i = 0; i < c.count; i++) most[i] = most[i] < x[i] ? x[i] : most[i];
    }
    memset(sums, 0, sizeof sums);
    for (int64_t row = 0; row < e->size; row++) {
      const float *x = float_block(e->type, e->input, c.input + row * e->inner, c.count, block);
      for (int64_t i = 0; i < c.count; i++) sums[i] += fast_exp(x[i] - most[i]);
    }
    for (int64_t i = 0; i < c.count; i++)
      result[i] = most[i] == -INFINITY ? -INFINITY : most[i] + fast_log(sums[i]);
  }
}

CLONES static void log_sum_exp_gradient_items(const extremes *e, int64_t begin, int64_t end) {
  float block[COLUMNS], result[COLUMNS];
  const float *gradient = e->output_gradient;
  for (int64_t item = begin; item < end; item++) {
    chunk c = chunk_of(e, item);
    if (e->inner == 1) {
      for (int64_t i = 0; i < e->size; i += COLUMNS) {
        int64_t n = e->size - i < COLUMNS ? e->size - i : COLUMNS;
        const float *x = float_block(e->type, e->input, c.input + i, n, block);
        for (int64_t j = 0; j < n; j++) result[j] = gradient[c.output] * fast_exp(x[j] - e->log_sums[c.output]);
        store_block(e->type, result, e->output, c.input + i, n);
      }
      continue;
    }
    for (int64_t row = 0; row < e->size; row++) {
      const float *x = float_block(e->type, e->input, c.input + row * e->inner, c.count, block);
      for (int64_t i = 0; i < c.count; i++)
        result[i] = gradient[c.output + i] * fast_exp(x[i] - e->log_sums[c.output + i]);
      store_block(e->type, result, e->output, c.input + row * e->inner, c.count);
    }
  }
}

static void max_body(void *context, int64_t begin, int64_t end) { max_items(context, begin, end); }
static void max_gradient_body(void *context, int64_t begin, int64_t end) { max_gradient_items(context, begin, end); }
static void log_sum_exp_body(void *context, int64_t begin, int64_t end) { log_sum_exp_items(context, begin, end); }
static void log_sum_exp_gradient_body(void *context, int64_t begin, int64_t end) {
  log_sum_exp_gradient_items(context, begin, end);
}

static void run(extremes e, int64_t outer, kernels_range_body body) {
  if (outer <= 0 || e.inner <= 0) return;
  e.chunks = (e.inner + COLUMNS - 1) / COLUMNS;
  int64_t work = e.size * (e.inner < COLUMNS ? e.inner : COLUMNS);
  kernels_parallel_for(outer * e.chunks, 1 + GRAIN / (4 * work), body, &e);
}

void kernels_max(
  kernels_type type, const void *input, int64_t outer, int64_t size, int64_t inner, void *output,
  int32_t *places) {
  PROFILED(outer * size * inner * kernels_size(type));
  extremes e = {.type = type, .input = input, .size = size, .inner = inner, .places = places, .output = output};
  run(e, outer, max_body);
}

void kernels_max_gradient(
  kernels_type type, const int32_t *places, const void *output_gradient, int64_t outer, int64_t size,
  int64_t inner, void *input_gradient) {
  PROFILED(outer * size * inner * kernels_size(type));
  extremes e = {.type = type, .output_gradient = output_gradient, .size = size, .inner = inner,
                .places = (int32_t *)places, .output = input_gradient};
  run(e, outer, max_gradient_body);
}

void kernels_log_sum_exp(
  kernels_type type, const void *input, int64_t outer, int64_t size, int64_t inner, float *output) {
  PROFILED(outer * size * inner * kernels_size(type));
  extremes e = {.type = type, .input = input, .size = size, .inner = inner, .output = output};
  run(e, outer, log_sum_exp_body);
}

void kernels_log_sum_exp_gradient(
  kernels_type type, const void *input, const float *output, const float *output_gradient, int64_t outer,
  int64_t size, int64_t inner, void *input_gradient) {
  PROFILED(2 * outer * size * inner * kernels_size(type));
  extremes e = {.type = type, .input = input, .output_gradient = output_gradient, .size = size, .inner = inner,
                .log_sums = output, .output = input_gradient};
  run(e, outer, log_sum_exp_gradient_body);
}
