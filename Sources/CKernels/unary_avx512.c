/// The sigmoid linear unit in bfloat16, which convolutional networks apply to every feature twice a step.
#include "unary_private.h"
#include "avx512_private.h"

#ifdef HAS_AVX512_KERNELS

static bool is_for_avx512(const unary *u) {
  return u->function == KERNELS_SILU && u->type == KERNELS_BFLOAT16 && has_avx512_bfloat16();
}

/// exp(-x) and sigmoid(x).
typedef struct {
  __m512 decay, sigmoid;
} parts;

AVX512_INLINED parts parts_of(__m512 x) {
  __m512 decay = vector_exp(KERNELS_BFLOAT16, x, -1.0f, 80.0f);
  return (parts){decay, reciprocal(KERNELS_BFLOAT16, _mm512_add_ps(_mm512_set1_ps(1.0f), decay))};
}

AVX512 static void forward(const unary *u, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; i += LANES) {
    __mmask16 lanes = lanes_of(end - i);
    __m512 x = load(KERNELS_BFLOAT16, u->input, i, lanes);
    store(KERNELS_BFLOAT16, u->result, i, lanes, _mm512_mul_ps(x, parts_of(x).sigmoid));
  }
}

AVX512 static void backward(const unary *u, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; i += LANES) {
    __mmask16 lanes = lanes_of(end - i);
    __m512 x = load(KERNELS_BFLOAT16, u->input, i, lanes), dy = load(KERNELS_BFLOAT16, u->output_gradient, i, lanes);
    parts p = parts_of(x);
    // s (1 + x (1 - s)), and 1 - s is exp(-x) s, without cancellation.
    __m512 rest = _mm512_mul_ps(p.decay, p.sigmoid);
    __m512 slope = _mm512_mul_ps(p.sigmoid, _mm512_fmadd_ps(x, rest, _mm512_set1_ps(1.0f)));
    store(KERNELS_BFLOAT16, u->result, i, lanes, _mm512_mul_ps(dy, slope));
  }
}

bool unary_forward_avx512(const unary *u, int64_t begin, int64_t end) {
  if (!is_for_avx512(u)) return false;
  forward(u, begin, end);
  return true;
}

bool unary_backward_avx512(const unary *u, int64_t begin, int64_t end) {
  if (!is_for_avx512(u)) return false;
  backward(u, begin, end);
  return true;
}

#else

bool unary_forward_avx512(const unary *u, int64_t begin, int64_t end) {
  return (void)u, (void)begin, (void)end, false;
}

bool unary_backward_avx512(const unary *u, int64_t begin, int64_t end) {
  return (void)u, (void)begin, (void)end, false;
}

#endif
