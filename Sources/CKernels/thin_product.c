/// Products of a few rows with large weights.
///
/// A training step changes the weights and uses them for a few dozen images: for dense layers, bringing them into oneDNN's
/// layout takes five times as long as the product itself. Here a tile of weights is rounded, written as pairs
/// of neighbours along the inner axis and used by all rows while it is in the first-level cache.
#include "avx512_private.h"

#ifdef HAS_AVX512_KERNELS

/// Columns of a tile, in two vectors; pairs along the inner axis of a tile; rows whose sums are in registers together, and
/// rows in all, at most.
enum { COLUMNS = 2 * LANES, PAIRS = 128, MOST_ROWS = 12, ALL_ROWS = 64 };

bool kernels_thin_product_serves(const kernels_product *s) {
  return s->rows <= ALL_ROWS && s->inner % 2 == 0 && s->inner * s->columns >= 1 << 14 && has_avx512_bfloat16();
}

/// Lanes whose inner keys are below a column's.
AVX512_INLINED __mmask16 seen(const int32_t *keys, __mmask16 lanes, int32_t key) {
  return _mm512_mask_cmplt_epi32_mask(lanes, _mm512_maskz_loadu_epi32(lanes, keys), _mm512_set1_epi32(key));
}

/// 16 columns of a tile from weights [columns][inner]: each column's run of 32 values becomes 16 pairs.
AVX512_INLINED void pack_columns(
  const kernels_product *s, const float *weights, int64_t column, int64_t first, int64_t pairs, uint32_t *to) {
  // The tile that will be packed next: too many streams for the processor to foresee.
  int64_t ahead = first + 2 * PAIRS < s->inner ? 2 * PAIRS : COLUMNS * s->inner - first;
  for (int64_t p = 0; p < pairs; p += LANES) {
    int64_t inner = first + 2 * p;
    __mmask16 low = lanes_of(s->inner - inner), high = lanes_of(s->inner - inner - LANES);
    __m512i words[LANES];
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES; i++) {
      bool is_there = column + i < s->columns;
      const float *from = weights + (column + i) * s->inner + inner;
      _mm_prefetch((const char *)(from + ahead), _MM_HINT_T0);
      _mm_prefetch((const char *)(from + ahead + LANES), _MM_HINT_T0);
      __m512 a = load_floats(from, is_there ? low : 0), b = load_floats(from + LANES, is_there ? high : 0);
      if (s->inner_keys && is_there) {
        int32_t key = s->column_keys[column + i];
        a = _mm512_maskz_mov_ps(seen(s->inner_keys + inner, low, key), a);
        b = _mm512_maskz_mov_ps(seen(s->inner_keys + inner + LANES, high, key), b);
      }
      words[i] = (__m512i)_mm512_cvtne2ps_pbh(b, a);
    }
    transpose(words);
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES; i++) _mm512_storeu_si512(to + (p + i) * COLUMNS, words[i]);
  }
}

/// 16 columns of a tile from weights [inner][columns]: two rows become a row of pairs.
AVX512_INLINED void pack_rows(
  const kernels_product *s, const float *weights, int64_t column, int64_t first, int64_t pairs, uint32_t *to) {
  __mmask16 lanes = lanes_of(s->columns - column);
  int64_t ahead = 2 * PAIRS * s->columns;
  for (int64_t p = 0; p < pairs; p++) {
    const float *from = weights + (first + 2 * p) * s->columns + column, *next = from + s->columns;
    _mm_prefetch((const char *)(from + ahead), _MM_HINT_T0);
    _mm_prefetch((const char *)(next + ahead), _MM_HINT_T0);
    __m512 a = load_floats(from, lanes), b = load_floats(next, lanes);
    if (s->inner_keys) {
      const int32_t *keys = s->inner_keys + first + 2 * p;
      __m512i columns = _mm512_maskz_loadu_epi32(lanes, s->column_keys + column);
      a = _mm512_maskz_mov_ps(_mm512_cmpgt_epi32_mask(columns, _mm512_set1_epi32(keys[0])), a);
      b = _mm512_maskz_mov_ps(_mm512_cmpgt_epi32_mask(columns, _mm512_set1_epi32(keys[1])), b);
    }
    __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(a));
    __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(b));
    _mm512_storeu_si512(to + p * COLUMNS, pair(low, high));
  }
}

/// Adds a tile's share to the sums of some rows, [rows][COLUMNS].
AVX512_INLINED void add_rows(
  const int ROWS, const uint16_t *input, int64_t row_step, const uint32_t *tile, int64_t pairs, float *sums) {
  __m512 sum[2 * MOST_ROWS];
#pragma clang loop unroll(full)
  for (int i = 0; i < 2 * ROWS; i++) sum[i] = _mm512_loadu_ps(sums + i * LANES);
  for (int64_t p = 0; p < pairs; p++) {
    __m512bh left = (__m512bh)_mm512_loadu_si512(tile + p * COLUMNS);
    __m512bh right = (__m512bh)_mm512_loadu_si512(tile + p * COLUMNS + LANES);
#pragma clang loop unroll(full)
    for (int r = 0; r < ROWS; r++) {
      int32_t both;
      memcpy(&both, input + r * row_step + 2 * p, 4);
      __m512bh x = (__m512bh)_mm512_set1_epi32(both);
      sum[2 * r] = _mm512_dpbf16_ps(sum[2 * r], x, left);
      sum[2 * r + 1] = _mm512_dpbf16_ps(sum[2 * r + 1], x, right);
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 2 * ROWS; i++) _mm512_storeu_ps(sums + i * LANES, sum[i]);
}

typedef void adder(const uint16_t *input, int64_t row_step, const uint32_t *tile, int64_t pairs, float *sums);

#define ADDER(ROWS)                                                                                       \
  AVX512 static void add_##ROWS(                                                                          \
    const uint16_t *input, int64_t row_step, const uint32_t *tile, int64_t pairs, float *sums) {          \
    add_rows(ROWS, input, row_step, tile, pairs, sums);                                                   \
  }
ADDER(1)
ADDER(2)
ADDER(3)
ADDER(4)
ADDER(5)
ADDER(6)
ADDER(7)
ADDER(8)
ADDER(9)
ADDER(10)
ADDER(11)
ADDER(12)
static adder *const adders[MOST_ROWS + 1] = {
  NULL, add_1, add_2, add_3, add_4, add_5, add_6, add_7, add_8, add_9, add_10, add_11, add_12};

typedef struct {
  const kernels_product *shape;
  const uint16_t *input;
  const float *weights, *bias;
  uint16_t *result;
} work;

/// Whether no weight of a tile counts: where keys rise along both axes, that is half of the tiles.
AVX512_INLINED bool is_hidden(const kernels_product *s, int64_t column, int64_t first, int64_t pairs) {
  if (!s->inner_keys) return false;
  int32_t least = INT32_MAX, most = INT32_MIN;
  for (int64_t i = first; i < first + 2 * pairs; i++) least = s->inner_keys[i] < least ? s->inner_keys[i] : least;
  for (int64_t i = column; i < column + COLUMNS && i < s->columns; i++)
    most = s->column_keys[i] > most ? s->column_keys[i] : most;
  return least >= most;
}

/// One tile's columns of every row.
AVX512 static void one_tile(const work *w, int64_t column) {
  const kernels_product *s = w->shape;
  uint32_t tile[PAIRS * COLUMNS];
  float sums[ALL_ROWS * COLUMNS];
  memset(sums, 0, (size_t)(s->rows * COLUMNS) * 4);
  // Rows are dealt out evenly: 16 are 8 and 8, not 12 and 4.
  int64_t blocks = (s->rows + MOST_ROWS - 1) / MOST_ROWS;
  for (int64_t first = 0; first < s->inner; first += 2 * PAIRS) {
    int64_t left = (s->inner - first) / 2, pairs = left < PAIRS ? left : PAIRS;
    if (is_hidden(s, column, first, pairs)) continue;
    for (int half = 0; half < COLUMNS; half += LANES)
      if (s->transposed)
        pack_columns(s, w->weights, column + half, first, pairs, tile + half);
      else
        pack_rows(s, w->weights, column + half, first, pairs, tile + half);
    for (int64_t block = 0; block < blocks; block++) {
      int64_t row = s->rows * block / blocks, rows = s->rows * (block + 1) / blocks - row;
      adders[rows](w->input + row * s->inner + first, s->inner, tile, pairs, sums + row * COLUMNS);
    }
  }
  for (int half = 0; half < COLUMNS; half += LANES) {
    int64_t start = column + half;
    __mmask16 lanes = lanes_of(s->columns - start);
    if (!lanes) break;
    __m512 bias = w->bias ? load_floats(w->bias + start, lanes) : _mm512_setzero_ps();
    for (int64_t row = 0; row < s->rows; row++)
      store(
        KERNELS_BFLOAT16, w->result, row * s->columns + start, lanes,
        _mm512_add_ps(bias, _mm512_loadu_ps(sums + row * COLUMNS + half)));
  }
}

static void body(void *context, int64_t begin, int64_t end) {
  for (int64_t tile = begin; tile < end; tile++) one_tile(context, tile * COLUMNS);
}

void kernels_thin_product(
  const kernels_product *shape, const void *input, const float *weights, const float *bias, void *result) {
  PROFILED(4 * shape->inner * shape->columns + 2 * shape->rows * (shape->inner + shape->columns));
  work w = {shape, input, weights, bias, result};
  kernels_parallel_for((shape->columns + COLUMNS - 1) / COLUMNS, 1, body, &w);
}

#else

bool kernels_thin_product_serves(const kernels_product *shape) { return (void)shape, false; }
void kernels_thin_product(
  const kernels_product *shape, const void *input, const float *weights, const float *bias, void *result) {
  (void)shape, (void)input, (void)weights, (void)bias, (void)result;
}

#endif
