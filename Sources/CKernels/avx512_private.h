/// Private to the kernels that are written by hand for AVX512. Results in bfloat16 have 8 bits, so that a short polynomial
/// and the processor's approximate reciprocal (14 bits) do, and conversions are one instruction: compilers find none of
/// the three. In float32 the gain is in full vectors.
#pragma once
#include "kernels_private.h"

#if defined(__x86_64__) && defined(__linux__)
#define HAS_AVX512_KERNELS
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))
#define AVX512_INLINED static inline __attribute__((always_inline)) AVX512

/// Values of one vector, and the mask of all of them.
enum { LANES = 16, ALL = 0xffff };

/// Whether this processor can run them.
INLINED bool has_avx512_bfloat16(void) {
  return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw")
         && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

/// The mask of the vector that so many values are left for.
AVX512_INLINED __mmask16 lanes_of(int64_t left) {
  return left >= LANES ? ALL : left <= 0 ? 0 : (__mmask16)((1u << left) - 1);
}

/// Values under a mask. Loads under one are several times slower from memory that is in no cache, even where the mask is full; an
/// empty one must not touch the memory at all: beyond its end that costs a microsecond.
AVX512_INLINED __m512 load_floats(const float *from, __mmask16 lanes) {
  return lanes == ALL ? _mm512_loadu_ps(from) : lanes ? _mm512_maskz_loadu_ps(lanes, from) : _mm512_setzero_ps();
}

/// The same for bfloat16, each value in the lower half of a word.
AVX512_INLINED __m512i load_halves(const uint16_t *from, __mmask16 lanes) {
  if (lanes == ALL) return _mm512_cvtepu16_epi32(_mm256_loadu_si256((const void *)from));
  return lanes ? _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(lanes, from)) : _mm512_setzero_si512();
}

/// Words of two bfloat16 values each, the first in the lower half.
AVX512_INLINED __m512i pair(__m512i first, __m512i second) {
  return _mm512_or_si512(first, _mm512_slli_epi32(second, 16));
}

AVX512_INLINED __m512 load(kernels_type type, const void *from, int64_t place, __mmask16 lanes) {
  if (type == KERNELS_FLOAT32) return load_floats((const float *)from + place, lanes);
  return _mm512_castsi512_ps(_mm512_slli_epi32(load_halves((const uint16_t *)from + place, lanes), 16));
}

/// Stores under a mask are slower still.
AVX512_INLINED void store_words(void *to, __mmask16 lanes, __m512i words) {
  if (lanes == ALL)
    _mm512_storeu_si512(to, words);
  else
    _mm512_mask_storeu_epi32(to, lanes, words);
}

AVX512_INLINED void store(kernels_type type, void *to, int64_t place, __mmask16 lanes, __m512 values) {
  if (type == KERNELS_FLOAT32) {
    store_words((float *)to + place, lanes, _mm512_castps_si512(values));
    return;
  }
  uint16_t *start = (uint16_t *)to + place;
  __m256i bits = (__m256i)_mm512_cvtneps_pbh(values);
  if (lanes == ALL)
    _mm256_storeu_si256((void *)start, bits);
  else
    _mm256_mask_storeu_epi16(start, lanes, bits);
}

/// exp(scale * x), held below exp(limit): within 2^-14 for results in bfloat16, within 2 units in the last place for
/// float32. A NaN stays one.
AVX512_INLINED __m512 vector_exp(kernels_type type, __m512 x, float scale, float limit) {
  const float log2e = 1.44269504f;
  enum { NEAREST = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC };
  __m512 p, n;
  // The second operand of min and max is the result where either is NaN.
  if (type == KERNELS_BFLOAT16) {
    __m512 z = _mm512_min_ps(_mm512_set1_ps(limit * log2e), _mm512_mul_ps(x, _mm512_set1_ps(scale * log2e)));
    n = _mm512_roundscale_ps(z, NEAREST);
    // Taylor's series of 2^f for f in -1/2 ... 1/2. An x of -infinity makes f a NaN; scalef then gives 0 all the same.
    __m512 f = _mm512_sub_ps(z, n);
    p = _mm512_fmadd_ps(f, _mm512_set1_ps(9.6181291e-3f), _mm512_set1_ps(5.5504109e-2f));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(2.4022651e-1f));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(6.9314718e-1f));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.0f));
  } else {
    // As fast_exp.
    x = _mm512_min_ps(_mm512_set1_ps(limit), _mm512_mul_ps(x, _mm512_set1_ps(scale)));
    x = _mm512_max_ps(_mm512_set1_ps(-87.33654f), x);
    n = _mm512_roundscale_ps(_mm512_mul_ps(x, _mm512_set1_ps(log2e)), NEAREST);
    __m512 r = _mm512_fnmadd_ps(n, _mm512_set1_ps(0.693359375f), x);
    r = _mm512_fnmadd_ps(n, _mm512_set1_ps(-2.12194440e-4f), r);
    p = _mm512_fmadd_ps(r, _mm512_set1_ps(1.9875691500e-4f), _mm512_set1_ps(1.3981999507e-3f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(8.3334519073e-3f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(4.1665795894e-2f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.6666665459e-1f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(5.0000001201e-1f));
    p = _mm512_fmadd_ps(_mm512_mul_ps(p, r), r, _mm512_add_ps(r, _mm512_set1_ps(1.0f)));
  }
  return _mm512_scalef_ps(p, n);
}

/// 1 / x, to 14 bits for results in bfloat16.
AVX512_INLINED __m512 reciprocal(kernels_type type, __m512 x) {
  return type == KERNELS_BFLOAT16 ? _mm512_rcp14_ps(x) : _mm512_div_ps(_mm512_set1_ps(1.0f), x);
}

/// Swaps rows and columns of 16 x 16 words: r[i] word j becomes r[j] word i.
AVX512_INLINED void transpose(__m512i *r) {
  __m512i t[LANES];
  for (int i = 0; i < LANES; i += 2) {
    t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
    t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
  }
  // Within each quarter of a vector, r[4 g + j] now holds word j of the quarter for four rows.
  for (int i = 0; i < LANES; i += 4) {
    r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
    r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
    r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
    r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
  }
  // The quarters are the blocks of a 4 x 4 matrix, which is transposed in two steps.
  for (int j = 0; j < 4; j++) {
    __m512i low = _mm512_shuffle_i32x4(r[j], r[4 + j], 0x88), high = _mm512_shuffle_i32x4(r[j], r[4 + j], 0xdd);
    __m512i low2 = _mm512_shuffle_i32x4(r[8 + j], r[12 + j], 0x88);
    __m512i high2 = _mm512_shuffle_i32x4(r[8 + j], r[12 + j], 0xdd);
    t[j] = _mm512_shuffle_i32x4(low, low2, 0x88);
    t[8 + j] = _mm512_shuffle_i32x4(low, low2, 0xdd);
    t[4 + j] = _mm512_shuffle_i32x4(high, high2, 0x88);
    t[12 + j] = _mm512_shuffle_i32x4(high, high2, 0xdd);
  }
  for (int i = 0; i < LANES; i++) r[i] = t[i];
}
#endif
