#include "kernels_private.h"

typedef struct {
  kernels_softmax_function function;
  kernels_type type;
  const void *input, *output_gradient;
  int64_t size;
  void *result;
} softmax;

INLINED int64_t part(int64_t size, int64_t i) { return size - i < BLOCK ? size - i : BLOCK; }

CLONES static void forward_rows(const softmax *s, int64_t begin, int64_t end) {
  float block[BLOCK], result[BLOCK];
  for (int64_t row = begin; row < end; row++) {
    int64_t start = row * s->size;
    float most = -INFINITY, sum = 0;
    for (int64_t i = 0; i < s->size; i += BLOCK) {
      int64_t n = part(s->size, i);
      float largest = row_max(float_block(s->type, s->input, start + i, n, block), n);
      most = most < largest ? largest : most;
    }
    for (int64_t i = 0; i < s->size; i += BLOCK) {
      int64_t n = part(s->size, i);
      const float *x = float_block(s->type, s->input, start + i, n, block);
      for (int64_t j = 0; j < n; j++) result[j] = fast_exp(x[j] - most);
      sum += row_sum(result, n);
    }
    float scale = 1.0f / sum, log_sum = fast_log(sum);
    for (int64_t i = 0; i < s->size; i += BLOCK) {
      int64_t n = part(s->size, i);
      const float *x = float_block(s->type, s->input, start + i, n, block);
      if (s->function == KERNELS_LOG_SOFTMAX) {
        for (int64_t j = 0; j < n; j++) result[j] = (x[j] - most) - log_sum;
      } else if (s->size > BLOCK) {
        for (int64_t j = 0; j < n; j++) result[j] = fast_exp(x[j] - most) * scale;
      } else {
        for (int64_t j = 0; j < n; j++) result[j] *= scale;
      }
      store_block(s->type, result, s->result, start + i, n);
    }
  }
}

CLONES static void backward_rows(const softmax *s, int64_t begin, int64_t end) {
  float outputs[BLOCK], gradients[BLOCK], result[BLOCK];
  for (int64_t row = begin; row < end; row++) {
    int64_t start = row * s->size;
    float sum = 0;
    for (int64_t i = 0; i < s->size; i += BLOCK) {
      int64_t n = part(s->size, i);
      const float *y = float_block(s->type, s->input, start + i, n, outputs);
      const float *dy = float_block(s->type, s->output_gradient, start + i, n, gradients);
      if (s->function == KERNELS_LOG_SOFTMAX) {
        sum += row_sum(dy, n);
      } else {
        for (int64_t j = 0; j < n; j++) result[j] = y[j] * dy[j];
        sum += row_sum(result, n);
      }
    }
    for (int64_t i = 0; i < s->size; i += BLOCK) {
      int64_t n = part(s->size, i);
      const float *y = float_block(s->type, s->input, start + i, n, outputs);
      const float *dy = float_block(s->type, s->output_gradient, start + i, n, gradients);
      if (s->function == KERNELS_LOG_SOFTMAX) {
        for (int64_t j = 0; j < n; j++) result[j] = dy[j] - fast_exp(y[j]) * sum;
      } else {
        for (int64_t j = 0; j < n; j++) result[j] = y[j] * (dy[j] - sum);
      }
      store_block(s->type, result, s->result, start + i, n);
    }
  }
}

static void forward_body(void *context, int64_t begin, int64_t end) { forward_rows(context, begin, end); }
static void backward_body(void *context, int64_t begin, int64_t end) { backward_rows(context, begin, end); }

void kernels_softmax(
  kernels_softmax_function function, kernels_type type, const void *input, int64_t rows, int64_t size,
  void *output) {
  PROFILED(2 * rows * size * kernels_size(type));
  if (size <= 0) return;
  softmax s = {function, type, input, NULL, size, output};
  kernels_parallel_for(rows, 1 + GRAIN / (4 * size), forward_body, &s);
}

void kernels_softmax_gradient(
  kernels_softmax_function function, kernels_type type, const void *output, const void *output_gradient,
  int64_t rows, int64_t size, void *input_gradient) {
  PROFILED(3 * rows * size * kernels_size(type));
  if (size <= 0) return;
  softmax s = {function, type, output, output_gradient, size, input_gradient};
  kernels_parallel_for(rows, 1 + GRAIN / (4 * size), backward_body, &s);
}
