#include "kernels_private.h"

typedef struct {
  kernels_type type, target_type;
  const void *input, *targets;
  const float *log_sums, *loss_gradient;
  int64_t size;
  float *losses;
  void *input_gradient;
} loss;

CLONES static void pick_rows(const loss *l, int64_t begin, int64_t end) {
  const int32_t *targets = l->targets;
  for (int64_t row = begin; row < end; row++) {
    float value;
    load_block(l->type, l->input, row * l->size + targets[row], 1, &value);
    l->losses[row] = l->log_sums[row] - value;
  }
}

CLONES static void softmax_gradient_rows(const loss *l, int64_t begin, int64_t end) {
  float block[BLOCK], result[BLOCK];
  const int32_t *targets = l->targets;
  for (int64_t row = begin; row < end; row++) {
    float gradient = l->loss_gradient[row], log_sum = l->log_sums[row];
    for (int64_t i = 0; i < l->size; i += BLOCK) {
      int64_t n = l->size - i < BLOCK ? l->size - i : BLOCK, target = targets[row] - i;
      const float *x = float_block(l->type, l->input, row * l->size + i, n, block);
      for (int64_t j = 0; j < n; j++) result[j] = gradient * fast_exp(x[j] - log_sum);
      if (target >= 0 && target < n) result[target] -= gradient;
      store_block(l->type, result, l->input_gradient, row * l->size + i, n);
    }
  }
}

CLONES static void sigmoid_range(const loss *l, int64_t begin, int64_t end) {
  float inputs[BLOCK], goals[BLOCK];
  for (int64_t i = begin; i < end; i += BLOCK) {
    int64_t n = end - i < BLOCK ? end - i : BLOCK;
    const float *x = float_block(l->type, l->input, i, n, inputs);
    const float *t = float_block(l->target_type, l->targets, i, n, goals);
    float *losses = l->losses + i;
    for (int64_t j = 0; j < n; j++) {
      float linear = (x[j] > 0.0f ? x[j] : 0.0f) - x[j] * t[j];
      losses[j] = linear + fast_log1p(fast_exp(-fabsf(x[j])));
    }
  }
}

CLONES static void sigmoid_gradient_range(const loss *l, int64_t begin, int64_t end) {
  float inputs[BLOCK], goals[BLOCK], result[BLOCK];
  for (int64_t i = begin; i < end; i += BLOCK) {
    int64_t n = end - i < BLOCK ? end - i : BLOCK;
    const float *x = float_block(l->type, l->input, i, n, inputs);
    const float *t = float_block(l->target_type, l->targets, i, n, goals);
    for (int64_t j = 0; j < n; j++) result[j] = l->loss_gradient[i + j] * (fast_sigmoid(x[j]) - t[j]);
    store_block(l->type, result, l->input_gradient, i, n);
  }
}

static void pick_body(void *context, int64_t begin, int64_t end) { pick_rows(context, begin, end); }
static void softmax_gradient_body(void *context, int64_t begin, int64_t end) {
  softmax_gradient_rows(context, begin, end);
}
static void sigmoid_body(void *context, int64_t begin, int64_t end) { sigmoid_range(context, begin, end); }
static void sigmoid_gradient_body(void *context, int64_t begin, int64_t end) {
  sigmoid_gradient_range(context, begin, end);
}

void kernels_softmax_cross_entropy(
  kernels_type type, const void *input, const int32_t *targets, int64_t rows, int64_t size, float *losses,
  float *log_sums) {
  PROFILED(rows * size * kernels_size(type));
  kernels_log_sum_exp(type, input, rows, size, 1, log_sums);
  loss l = {.type = type, .input = input, .targets = targets, .size = size, .log_sums = log_sums, .losses = losses};
  kernels_parallel_for(rows, GRAIN, pick_body, &l);
}

void kernels_softmax_cross_entropy_gradient(
  kernels_type type, const void *input, const int32_t *targets, const float *log_sums,
  const float *loss_gradient, int64_t rows, int64_t size, void *input_gradient) {
  PROFILED(2 * rows * size * kernels_size(type));
  if (size <= 0) return;
  loss l = {.type = type, .input = input, .targets = targets, .size = size, .log_sums = log_sums,
            .loss_gradient = loss_gradient, .input_gradient = input_gradient};
  kernels_parallel_for(rows, 1 + GRAIN / (4 * size), softmax_gradient_body, &l);
}

void kernels_sigmoid_cross_entropy(
  kernels_type type, const void *input, kernels_type target_type, const void *targets, int64_t count,
  float *losses) {
  PROFILED(count * (kernels_size(type) + kernels_size(target_type) + 4));
  loss l = {.type = type, .input = input, .target_type = target_type, .targets = targets, .losses = losses};
  kernels_parallel_for(count, GRAIN, sigmoid_body, &l);
}

void kernels_sigmoid_cross_entropy_gradient(
  kernels_type type, const void *input, kernels_type target_type, const void *targets,
  const float *loss_gradient, int64_t count, void *input_gradient) {
  PROFILED(count * (2 * kernels_size(type) + kernels_size(target_type) + 4));
  loss l = {.type = type, .input = input, .target_type = target_type, .targets = targets,
            .loss_gradient = loss_gradient, .input_gradient = input_gradient};
  kernels_parallel_for(count, GRAIN, sigmoid_gradient_body, &l);
}
