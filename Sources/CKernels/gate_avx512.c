/// The gate in full vectors.
#include "gate_private.h"
#include "avx512_private.h"

#ifdef HAS_AVX512_KERNELS

/// exp(-2a) and exp(-b) of one vector of both halves, with the condition added; held so small that products of two stay
/// finite.
typedef struct {
  __m512 p, q;
} decays;

AVX512_INLINED decays load_decays(
  kernels_type type, const gate *g, int64_t row, const float *condition, int64_t channel, __mmask16 lanes) {
  int64_t place = row * g->input_stride + channel;
  __m512 a = load(type, g->input, place, lanes), b = load(type, g->input, place + g->channels, lanes);
  if (condition) {
    a = _mm512_add_ps(a, load_floats(condition + channel, lanes));
    b = _mm512_add_ps(b, load_floats(condition + g->channels + channel, lanes));
  }
  return (decays){vector_exp(type, a, -2.0f, 40.0f), vector_exp(type, b, -1.0f, 40.0f)};
}

static const float *condition_of(const gate *g, int64_t row) {
  return g->condition ? g->condition + row / g->rows_per_group * 2 * g->channels : NULL;
}

AVX512_INLINED void forward(kernels_type type, const gate *g, int64_t begin, int64_t end) {
  const __m512 one = _mm512_set1_ps(1.0f);
  for (int64_t row = begin; row < end; row++) {
    const float *condition = condition_of(g, row);
    for (int64_t channel = 0; channel < g->channels; channel += LANES) {
      __mmask16 lanes = lanes_of(g->channels - channel);
      decays d = load_decays(type, g, row, condition, channel, lanes);
      __m512 both = _mm512_mul_ps(_mm512_add_ps(one, d.p), _mm512_add_ps(one, d.q));
      __m512 y = _mm512_mul_ps(_mm512_sub_ps(one, d.p), reciprocal(type, both));
      int64_t place = row * g->channels + channel;
      if (g->second) y = _mm512_add_ps(y, load(type, g->second, place, lanes));
      store(type, g->result, place, lanes, y);
    }
  }
}

AVX512_INLINED void backward(kernels_type type, const gate *g, int64_t begin, int64_t end) {
  const __m512 one = _mm512_set1_ps(1.0f), four = _mm512_set1_ps(4.0f);
  for (int64_t row = begin; row < end; row++) {
    const float *condition = condition_of(g, row);
    for (int64_t channel = 0; channel < g->channels; channel += LANES) {
      __mmask16 lanes = lanes_of(g->channels - channel);
      decays d = load_decays(type, g, row, condition, channel, lanes);
      __m512 p1 = _mm512_add_ps(one, d.p), q1 = _mm512_add_ps(one, d.q);
      __m512 shared = reciprocal(type, _mm512_mul_ps(p1, q1));
      __m512 s = _mm512_mul_ps(p1, shared), by_p = _mm512_mul_ps(q1, shared);
      __m512 t = _mm512_mul_ps(_mm512_sub_ps(one, d.p), by_p);
      __m512 dy_s = _mm512_mul_ps(load(type, g->second, row * g->channels + channel, lanes), s);
      // 1 - tanh² = 4p / (1 + p)² and 1 - sigmoid = q sigmoid, without cancellation.
      __m512 slope = _mm512_mul_ps(_mm512_mul_ps(four, d.p), _mm512_mul_ps(by_p, by_p));
      __m512 da = _mm512_mul_ps(dy_s, slope);
      __m512 db = _mm512_mul_ps(dy_s, _mm512_mul_ps(t, _mm512_mul_ps(d.q, s)));
      int64_t place = row * 2 * g->channels + channel;
      store(type, g->result, place, lanes, da);
      store(type, g->result, place + g->channels, lanes, db);
    }
  }
}

/// Each type has code of its own.
AVX512 static void forward_rows(const gate *g, int64_t begin, int64_t end) {
  if (g->type == KERNELS_BFLOAT16)
    forward(KERNELS_BFLOAT16, g, begin, end);
  else
    forward(KERNELS_FLOAT32, g, begin, end);
}

AVX512 static void backward_rows(const gate *g, int64_t begin, int64_t end) {
  if (g->type == KERNELS_BFLOAT16)
    backward(KERNELS_BFLOAT16, g, begin, end);
  else
    backward(KERNELS_FLOAT32, g, begin, end);
}

bool gate_forward_avx512(const gate *g, int64_t begin, int64_t end) {
  if (!has_avx512_bfloat16()) return false;
  forward_rows(g, begin, end);
  return true;
}

bool gate_backward_avx512(const gate *g, int64_t begin, int64_t end) {
  if (!has_avx512_bfloat16()) return false;
  backward_rows(g, begin, end);
  return true;
}

#else

bool gate_forward_avx512(const gate *g, int64_t begin, int64_t end) { return (void)g, (void)begin, (void)end, false; }
bool gate_backward_avx512(const gate *g, int64_t begin, int64_t end) { return (void)g, (void)begin, (void)end, false; }

#endif
