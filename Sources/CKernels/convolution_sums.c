/// Sums of products of neighbouring pixels, up to 24 vectors of them in registers.
#include "convolution_private.h"

#ifdef HAS_AVX512_KERNELS

/// Adds the products of a word's pixels to their sums.
AVX512_INLINED __m512 add_products(const bool PAIRS, __m512 sum, __m512i x, __m512i dy) {
  return PAIRS ? _mm512_dpbf16_ps(sum, (__m512bh)x, (__m512bh)dy)
               : _mm512_fmadd_ps(_mm512_castsi512_ps(x), _mm512_castsi512_ps(dy), sum);
}

AVX512 void convolution_add_bias(
  const kernels_convolution *s, const uint32_t *words, int64_t count, int64_t width, float *bias) {
  const __m512i ones = _mm512_set1_epi32(s->type == KERNELS_BFLOAT16 ? 0x3f803f80 : 0x3f800000);
  const bool pairs = s->type == KERNELS_BFLOAT16;
  for (int64_t v = 0; v < width; v += LANES) {
    // Every other word has a sum of its own, so that none waits for the one before.
    __m512 even = _mm512_loadu_ps(bias + v), odd = _mm512_setzero_ps();
    for (int64_t k = 0; k < count; k += 2) {
      even = add_products(pairs, even, _mm512_loadu_si512(words + k * width + v), ones);
      if (k + 1 < count) odd = add_products(pairs, odd, _mm512_loadu_si512(words + (k + 1) * width + v), ones);
    }
    _mm512_storeu_ps(bias + v, _mm512_add_ps(even, odd));
  }
}

AVX512_INLINED void add_rows(
  const bool PAIRS, const int VECTORS, const int TILE, const uint32_t *input, int64_t word_step, int64_t row_step,
  const uint32_t *gradient, int64_t rows, int64_t words, float *sums) {
  __m512 sum[24];
#pragma clang loop unroll(full)
  for (int i = 0; i < TILE * VECTORS; i++) sum[i] = _mm512_loadu_ps(sums + i * LANES);
  for (int64_t r = 0; r < rows; r++, input += row_step) {
    const uint32_t *x = input;
    for (int64_t k = 0; k < words; k++, x += word_step, gradient += VECTORS * LANES) {
      __m512i dy[MOST_VECTORS];
#pragma clang loop unroll(full)
      for (int v = 0; v < VECTORS; v++) dy[v] = _mm512_loadu_si512(gradient + v * LANES);
#pragma clang loop unroll(full)
      for (int i = 0; i < TILE; i++) {
        __m512i all = _mm512_set1_epi32((int)x[i]);
#pragma clang loop unroll(full)
        for (int v = 0; v < VECTORS; v++)
          sum[i * VECTORS + v] = add_products(PAIRS, sum[i * VECTORS + v], all, dy[v]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < TILE * VECTORS; i++) _mm512_storeu_ps(sums + i * LANES, sum[i]);
}

#define ADDER(KIND, PAIRS, VECTORS, TILE)                                                             \
  AVX512 static void add_##KIND##_##VECTORS##_##TILE(                                                 \
    const uint32_t *input, int64_t word_step, int64_t row_step, const uint32_t *gradient, int64_t rows, \
    int64_t words, float *sums) {                                                                     \
    add_rows(PAIRS, VECTORS, TILE, input, word_step, row_step, gradient, rows, words, sums);          \
  }

/// The adders of a kind, and the function that chooses among them.
#define ADDERS(KIND, PAIRS)                                                                                    \
  ADDER(KIND, PAIRS, 1, 24)                                                                                    \
  ADDER(KIND, PAIRS, 1, 16)                                                                                    \
  ADDER(KIND, PAIRS, 1, 8)                                                                                     \
  ADDER(KIND, PAIRS, 2, 12)                                                                                    \
  ADDER(KIND, PAIRS, 2, 8)                                                                                     \
  ADDER(KIND, PAIRS, 3, 8)                                                                                     \
  ADDER(KIND, PAIRS, 4, 6)                                                                                     \
  ADDER(KIND, PAIRS, 4, 4)                                                                                     \
  ADDER(KIND, PAIRS, 5, 4)                                                                                     \
  ADDER(KIND, PAIRS, 6, 4)                                                                                     \
  static convolution_adder *adder_of_##KIND(const sizes *z) {                                                              \
    switch (z->vectors) {                                                                                      \
      case 1: return z->tile == 24 ? add_##KIND##_1_24 : z->tile == 16 ? add_##KIND##_1_16 : add_##KIND##_1_8; \
      case 2: return z->tile == 12 ? add_##KIND##_2_12 : add_##KIND##_2_8;                                     \
      case 3: return add_##KIND##_3_8;                                                                         \
      case 4: return z->tile == 6 ? add_##KIND##_4_6 : add_##KIND##_4_4;                                       \
      case 5: return add_##KIND##_5_4;                                                                         \
      default: return add_##KIND##_6_4;                                                                        \
    }                                                                                                          \
  }

ADDERS(pairs, true)
ADDERS(floats, false)

convolution_adder *convolution_adder_of(const kernels_convolution *s, const sizes *z) {
  return s->type == KERNELS_BFLOAT16 ? adder_of_pairs(z) : adder_of_floats(z);
}

AVX512 void convolution_unpack(const kernels_convolution *s, const sizes *z, const float *sums, float *weights) {
  int64_t taps = s->kernel_height * s->kernel_width, width = z->vectors * LANES, row = s->input_channels * taps;
  int64_t step = z->blocks * z->inputs * width;
  for (int64_t block = 0; block < z->blocks; block++)
    for (int64_t v = 0; v < z->vectors; v++) {
      int64_t first = block * width + v * LANES, outputs = s->output_channels - first;
      const float *from = sums + block * z->inputs * width + v * LANES;
      // 16 outputs by 16 neighbours of a row of weights, tap after tap.
      for (int64_t start = 0, input = 0, tap = 0; start < row; start += LANES) {
        __m512i words[LANES];
        for (int i = 0; i < LANES; i++) {
          words[i] = start + i < row ? _mm512_loadu_si512(from + tap * step + input * width) : _mm512_setzero_si512();
          if (++tap == taps) tap = 0, input++;
        }
        transpose(words);
        for (int lane = 0; lane < LANES && lane < outputs; lane++)
          store_words(weights + (first + lane) * row + start, lanes_of(row - start), words[lane]);
      }
    }
}

#endif
