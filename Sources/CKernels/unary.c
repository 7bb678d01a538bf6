#include "unary_private.h"

INLINED void evaluate(
  kernels_unary_function function, float p, float q, const float *restrict x, float *restrict y, int64_t count) {
  switch (function) {
    case KERNELS_AFFINE:
      for (int64_t i = 0; i < count; i++) y[i] = p * x[i] + q;
      break;
    case KERNELS_RECIPROCAL:
      for (int64_t i = 0; i < count; i++) y[i] = p / x[i];
      break;
    case KERNELS_EXP:
      for (int64_t i = 0; i < count; i++) y[i] = fast_exp(x[i]);
      break;
    case KERNELS_LOG:
      for (int64_t i = 0; i < count; i++) y[i] = fast_log(x[i]);
      break;
    case KERNELS_SQUARE:
      for (int64_t i = 0; i < count; i++) y[i] = x[i] * x[i];
      break;
    case KERNELS_SQUARE_ROOT:
      for (int64_t i = 0; i < count; i++) y[i] = square_root(x[i]);
      break;
    case KERNELS_ABSOLUTE:
      for (int64_t i = 0; i < count; i++) y[i] = fabsf(x[i]);
      break;
    case KERNELS_CLAMP:
      for (int64_t i = 0; i < count; i++) y[i] = x[i] < p ? p : x[i] > q ? q : x[i];
      break;
    case KERNELS_TANH:
      for (int64_t i = 0; i < count; i++) y[i] = fast_tanh(x[i]);
      break;
    case KERNELS_SIGMOID:
      for (int64_t i = 0; i < count; i++) y[i] = fast_sigmoid(x[i]);
      break;
    case KERNELS_SOFTPLUS:
      for (int64_t i = 0; i < count; i++) y[i] = fast_softplus(x[i]);
      break;
    case KERNELS_RELU:
      for (int64_t i = 0; i < count; i++) y[i] = x[i] > 0.0f ? x[i] : p * x[i];
      break;
    case KERNELS_ELU:
      for (int64_t i = 0; i < count; i++) y[i] = x[i] > 0.0f ? x[i] : p * fast_expm1(x[i]);
      break;
    case KERNELS_SILU:
      for (int64_t i = 0; i < count; i++) y[i] = x[i] * fast_sigmoid(x[i]);
      break;
  }
}

/// Turns `d`, the gradient of the output, into that of the input.
INLINED void differentiate(
  kernels_unary_function function, float p, float q, const float *restrict x, float *restrict d, int64_t count) {
  switch (function) {
    case KERNELS_AFFINE:
      for (int64_t i = 0; i < count; i++) d[i] *= p;
      break;
    case KERNELS_RECIPROCAL:
      for (int64_t i = 0; i < count; i++) d[i] *= -p / (x[i] * x[i]);
      break;
    case KERNELS_EXP:
      for (int64_t i = 0; i < count; i++) d[i] *= fast_exp(x[i]);
      break;
    case KERNELS_LOG:
      for (int64_t i = 0; i < count; i++) d[i] /= x[i];
      break;
    case KERNELS_SQUARE:
      for (int64_t i = 0; i < count; i++) d[i] *= 2.0f * x[i];
      break;
    case KERNELS_SQUARE_ROOT:
      for (int64_t i = 0; i < count; i++) d[i] *= 0.5f / square_root(x[i]);
      break;
    case KERNELS_ABSOLUTE:
      for (int64_t i = 0; i < count; i++) d[i] = x[i] < 0.0f ? -d[i] : x[i] > 0.0f ? d[i] : 0.0f;
      break;
    case KERNELS_CLAMP:
      for (int64_t i = 0; i < count; i++) d[i] = x[i] < p ? 0.0f : x[i] > q ? 0.0f : d[i];
      break;
    case KERNELS_TANH:
      for (int64_t i = 0; i < count; i++) {
        float t = fast_tanh(x[i]);
        d[i] *= 1.0f - t * t;
      }
      break;
    case KERNELS_SIGMOID:
      for (int64_t i = 0; i < count; i++) {
        float s = fast_sigmoid(x[i]);
        d[i] *= s * (1.0f - s);
      }
      break;
    case KERNELS_SOFTPLUS:
      for (int64_t i = 0; i < count; i++) d[i] *= fast_sigmoid(x[i]);
      break;
    case KERNELS_RELU:
      for (int64_t i = 0; i < count; i++) d[i] = x[i] > 0.0f ? d[i] : p * d[i];
      break;
    case KERNELS_ELU:
      for (int64_t i = 0; i < count; i++) d[i] = x[i] > 0.0f ? d[i] : p * fast_exp(x[i]) * d[i];
      break;
    case KERNELS_SILU:
      for (int64_t i = 0; i < count; i++) {
        float s = fast_sigmoid(x[i]);
        d[i] *= s * (1.0f + x[i] * (1.0f - s));
      }
      break;
  }
}

CLONES static void forward_range(const unary *u, int64_t begin, int64_t end) {
  float block[BLOCK], result[BLOCK];
  for (int64_t i = begin; i < end; i += BLOCK) {
    int64_t n = end - i < BLOCK ? end - i : BLOCK;
    const float *x = float_block(u->type, u->input, i, n, block);
    evaluate(u->function, u->p, u->q, x, result, n);
    store_block(u->type, result, u->result, i, n);
  }
}

CLONES static void backward_range(const unary *u, int64_t begin, int64_t end) {
  float block[BLOCK], gradient[BLOCK];
  for (int64_t i = begin; i < end; i += BLOCK) {
    int64_t n = end - i < BLOCK ? end - i : BLOCK;
    const float *x = float_block(u->type, u->input, i, n, block);
    load_block(u->type, u->output_gradient, i, n, gradient);
    differentiate(u->function, u->p, u->q, x, gradient, n);
    store_block(u->type, gradient, u->result, i, n);
  }
}

static void forward_body(void *context, int64_t begin, int64_t end) {
  if (!unary_forward_avx512(context, begin, end)) forward_range(context, begin, end);
}

static void backward_body(void *context, int64_t begin, int64_t end) {
  if (!unary_backward_avx512(context, begin, end)) backward_range(context, begin, end);
}

void kernels_unary(
  kernels_unary_function function, float p, float q, kernels_type type, const void *input, void *output,
  int64_t count) {
  PROFILED(2 * count * kernels_size(type));
  unary u = {function, p, q, type, input, NULL, output};
  kernels_parallel_for(count, GRAIN, forward_body, &u);
}

void kernels_unary_gradient(
  kernels_unary_function function, float p, float q, kernels_type type, const void *input,
  const void *output_gradient, void *input_gradient, int64_t count) {
  PROFILED(3 * count * kernels_size(type));
  unary u = {function, p, q, type, input, output_gradient, input_gradient};
  kernels_parallel_for(count, GRAIN, backward_body, &u);
}
