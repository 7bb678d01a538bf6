#include "kernels_private.h"

/// Running sums that are kept side by side where the inner axis is short.
enum { LANES = 64 };
/// Elements of one piece, about, and the fewest of its rows: float32 sums stay accurate over so few.
enum { PIECE = 16384, PIECE_ROWS = 128, PIECE_MOST_ROWS = 4096 };

typedef struct {
  kernels_type type, output_type;
  const void *input;
  int64_t size, inner, rows, pieces;
  float scale;
  void *output;
  float *scratch;
} summing;

static int64_t rows_of_piece(int64_t inner) {
  int64_t rows = PIECE / inner;
  return rows < PIECE_ROWS ? PIECE_ROWS : rows > PIECE_MOST_ROWS ? PIECE_MOST_ROWS : rows;
}

static int64_t piece_count(int64_t size, int64_t inner) {
  int64_t rows = rows_of_piece(inner);
  return size <= rows ? 1 : (size + rows - 1) / rows;
}

int64_t kernels_sum_scratch(int64_t outer, int64_t size, int64_t inner) {
  int64_t pieces = inner > 0 ? piece_count(size, inner) : 1;
  return pieces == 1 ? 0 : outer * pieces * inner;
}

INLINED void add_block(kernels_type type, const void *input, int64_t start, int64_t count, float *restrict sums) {
  if (type == KERNELS_BFLOAT16) {
    const uint16_t *source = (const uint16_t *)input + start;
    for (int64_t i = 0; i < count; i++) sums[i] += bfloat16_to_float(source[i]);
  } else {
    const float *source = (const float *)input + start;
    for (int64_t i = 0; i < count; i++) sums[i] += source[i];
  }
}

/// Sums `rows` rows of `inner` values each, inner at most LANES, as wide rows of several.
INLINED void sum_narrow(kernels_type type, const void *input, int64_t start, int64_t rows, int64_t inner, float *sums) {
  float lanes[LANES] = {0};
  int64_t together = LANES / inner, width = together * inner, row = 0;
  for (; row + together <= rows; row += together) add_block(type, input, start + row * inner, width, lanes);
  add_block(type, input, start + row * inner, (rows - row) * inner, lanes);
  if (inner == 1) {
    sums[0] = row_sum(lanes, LANES);
    return;
  }
  for (int64_t i = 0; i < inner; i++) {
    float sum = 0;
    for (int64_t lane = i; lane < width; lane += inner) sum += lanes[lane];
    sums[i] = sum;
  }
}

/// Items are the pieces of every outer index, in order.
CLONES static void sum_pieces(const summing *s, int64_t begin, int64_t end) {
  float sums[BLOCK];
  for (int64_t item = begin; item < end; item++) {
    int64_t outer = item / s->pieces, first = item % s->pieces * s->rows;
    int64_t rows = s->size - first < s->rows ? s->size - first : s->rows;
    int64_t start = (outer * s->size + first) * s->inner;
    for (int64_t column = 0; column < s->inner; column += BLOCK) {
      int64_t n = s->inner - column < BLOCK ? s->inner - column : BLOCK;
      if (s->inner <= LANES) {
        sum_narrow(s->type, s->input, start, rows, s->inner, sums);
      } else {
        memset(sums, 0, (size_t)n * 4);
        for (int64_t row = 0; row < rows; row++)
          add_block(s->type, s->input, start + row * s->inner + column, n, sums);
      }
      if (s->pieces == 1) {
        for (int64_t i = 0; i < n; i++) sums[i] *= s->scale;
        store_block(s->output_type, sums, s->output, outer * s->inner + column, n);
      } else {
        memcpy(s->scratch + item * s->inner + column, sums, (size_t)n * 4);
      }
    }
  }
}

/// Items are the results.
CLONES static void add_pieces(const summing *s, int64_t begin, int64_t end) {
  for (int64_t item = begin; item < end; item++) {
    int64_t outer = item / s->inner, column = item % s->inner;
    const float *sums = s->scratch + outer * s->pieces * s->inner + column;
    double total = 0;
    for (int64_t piece = 0; piece < s->pieces; piece++) total += sums[piece * s->inner];
    float result = (float)(total * s->scale);
    store_block(s->output_type, &result, s->output, item, 1);
  }
}

static void pieces_body(void *context, int64_t begin, int64_t end) { sum_pieces(context, begin, end); }
static void add_body(void *context, int64_t begin, int64_t end) { add_pieces(context, begin, end); }

void kernels_sum(
  kernels_type type, const void *input, int64_t outer, int64_t size, int64_t inner, float scale,
  kernels_type output_type, void *output, float *scratch) {
  PROFILED(outer * size * inner * kernels_size(type));
  if (outer <= 0 || inner <= 0) return;
  int64_t rows = rows_of_piece(inner), pieces = piece_count(size, inner);
  summing s = {type, output_type, input, size, inner, rows, pieces, scale, output, scratch};
  int64_t work = (size < rows ? size : rows) * inner;
  kernels_parallel_for(outer * pieces, 1 + GRAIN / (work + 1), pieces_body, &s);
  if (pieces > 1) kernels_parallel_for(outer * inner, 1 + GRAIN / pieces, add_body, &s);
}
