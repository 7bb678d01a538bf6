/// The gate in bfloat16, by hand for AVX512-BF16: a result has 8 bits, so a short polynomial and the processor's
/// approximate reciprocal (14 bits) do, and conversions are one instruction. Compilers find none of the three.
#include "gate_private.h"

#if defined(__x86_64__) && defined(__linux__) && !defined(KERNELS_NO_CLONES)
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))
#define AVX512_INLINED static inline __attribute__((always_inline)) AVX512

/// Channels of one vector, and the mask of all of them.
enum { LANES = 16, ALL = 0xffff };

static bool is_for_avx512(const gate *g) {
  return g->type == KERNELS_BFLOAT16 && __builtin_cpu_supports("avx512bf16")
         && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
         && __builtin_cpu_supports("avx512dq");
}

AVX512_INLINED __m512 load(const void *from, int64_t place, __mmask16 lanes) {
  const uint16_t *start = (const uint16_t *)from + place;
  __m256i bits = lanes == ALL ? _mm256_loadu_si256((const void *)start) : _mm256_maskz_loadu_epi16(lanes, start);
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16));
}

AVX512_INLINED void store(void *to, int64_t place, __mmask16 lanes, __m512 values) {
  // A store under a mask is several times slower, even where the mask is full.
  uint16_t *start = (uint16_t *)to + place;
  __m256i bits = (__m256i)_mm512_cvtneps_pbh(values);
  if (lanes == ALL)
    _mm256_storeu_si256((void *)start, bits);
  else
    _mm256_mask_storeu_epi16(start, lanes, bits);
}

/// exp(scale * x) within 2^-14, held below e^40 so that products of two stay finite; a NaN stays one.
AVX512_INLINED __m512 decay(__m512 x, float scale) {
  __m512 limit = _mm512_set1_ps(40.0f * 1.44269504f);
  // The second operand is the result where either is NaN.
  __m512 z = _mm512_min_ps(limit, _mm512_mul_ps(x, _mm512_set1_ps(scale * 1.44269504f)));
  __m512 n = _mm512_roundscale_ps(z, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  __m512 f = _mm512_sub_ps(z, n);
  // Taylor's series of 2^f for f in -1/2 ... 1/2.
  __m512 p = _mm512_fmadd_ps(f, _mm512_set1_ps(9.6181291e-3f), _mm512_set1_ps(5.5504109e-2f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(2.4022651e-1f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(6.9314718e-1f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.0f));
  return _mm512_scalef_ps(p, n);
}

/// One vector of both halves, with the condition added.
typedef struct {
  __m512 p, q;
} decays;

AVX512_INLINED decays load_decays(
  const gate *g, int64_t row, const float *condition, int64_t channel, __mmask16 lanes) {
  int64_t place = row * g->input_stride + channel;
  __m512 a = load(g->input, place, lanes), b = load(g->input, place + g->channels, lanes);
  if (condition) {
    a = _mm512_add_ps(a, _mm512_maskz_loadu_ps(lanes, condition + channel));
    b = _mm512_add_ps(b, _mm512_maskz_loadu_ps(lanes, condition + g->channels + channel));
  }
  return (decays){decay(a, -2.0f), decay(b, -1.0f)};
}

AVX512_INLINED __mmask16 lanes_from(int64_t channel, int64_t channels) {
  int64_t left = channels - channel;
  return left >= LANES ? ALL : (__mmask16)((1u << left) - 1);
}

static const float *condition_of(const gate *g, int64_t row) {
  return g->condition ? g->condition + row / g->rows_per_group * 2 * g->channels : NULL;
}

AVX512 static void forward(const gate *g, int64_t begin, int64_t end) {
  const __m512 one = _mm512_set1_ps(1.0f);
  for (int64_t row = begin; row < end; row++) {
    const float *condition = condition_of(g, row);
    for (int64_t channel = 0; channel < g->channels; channel += LANES) {
      __mmask16 lanes = lanes_from(channel, g->channels);
      decays d = load_decays(g, row, condition, channel, lanes);
      __m512 both = _mm512_mul_ps(_mm512_add_ps(one, d.p), _mm512_add_ps(one, d.q));
      __m512 y = _mm512_mul_ps(_mm512_sub_ps(one, d.p), _mm512_rcp14_ps(both));
      int64_t place = row * g->channels + channel;
      if (g->second) y = _mm512_add_ps(y, load(g->second, place, lanes));
      store(g->result, place, lanes, y);
    }
  }
}

AVX512 static void backward(const gate *g, int64_t begin, int64_t end) {
  const __m512 one = _mm512_set1_ps(1.0f), four = _mm512_set1_ps(4.0f);
  for (int64_t row = begin; row < end; row++) {
    const float *condition = condition_of(g, row);
    for (int64_t channel = 0; channel < g->channels; channel += LANES) {
      __mmask16 lanes = lanes_from(channel, g->channels);
      decays d = load_decays(g, row, condition, channel, lanes);
      __m512 p1 = _mm512_add_ps(one, d.p), q1 = _mm512_add_ps(one, d.q);
      __m512 shared = _mm512_rcp14_ps(_mm512_mul_ps(p1, q1));
      __m512 s = _mm512_mul_ps(p1, shared), by_p = _mm512_mul_ps(q1, shared);
      __m512 t = _mm512_mul_ps(_mm512_sub_ps(one, d.p), by_p);
      __m512 dy_s = _mm512_mul_ps(load(g->second, row * g->channels + channel, lanes), s);
      // 1 - tanh² = 4p / (1 + p)² and 1 - sigmoid = q sigmoid, without cancellation.
      __m512 slope = _mm512_mul_ps(_mm512_mul_ps(four, d.p), _mm512_mul_ps(by_p, by_p));
      __m512 da = _mm512_mul_ps(dy_s, slope);
      __m512 db = _mm512_mul_ps(dy_s, _mm512_mul_ps(t, _mm512_mul_ps(d.q, s)));
      int64_t place = row * 2 * g->channels + channel;
      store(g->result, place, lanes, da);
      store(g->result, place + g->channels, lanes, db);
    }
  }
}

bool gate_forward_avx512(const gate *g, int64_t begin, int64_t end) {
  if (!is_for_avx512(g)) return false;
  forward(g, begin, end);
  return true;
}

bool gate_backward_avx512(const gate *g, int64_t begin, int64_t end) {
  if (!is_for_avx512(g)) return false;
  backward(g, begin, end);
  return true;
}

#else

bool gate_forward_avx512(const gate *g, int64_t begin, int64_t end) { return (void)g, (void)begin, (void)end, false; }
bool gate_backward_avx512(const gate *g, int64_t begin, int64_t end) { return (void)g, (void)begin, (void)end, false; }

#endif
