#include "view.h"

typedef struct {
  kernels_binary_function function;
  kernels_view left, right;
  kernels_type type;
  void *output;
} binary;

INLINED void combine(
  kernels_binary_function function, const float *restrict a, const float *restrict b, float *restrict to,
  int64_t count) {
  switch (function) {
    case KERNELS_ADD:
      for (int64_t i = 0; i < count; i++) to[i] = a[i] + b[i];
      break;
    case KERNELS_SUBTRACT:
      for (int64_t i = 0; i < count; i++) to[i] = a[i] - b[i];
      break;
    case KERNELS_MULTIPLY:
      for (int64_t i = 0; i < count; i++) to[i] = a[i] * b[i];
      break;
    case KERNELS_DIVIDE:
      for (int64_t i = 0; i < count; i++) to[i] = a[i] / b[i];
      break;
    case KERNELS_MAXIMUM:
      for (int64_t i = 0; i < count; i++) to[i] = a[i] < b[i] ? b[i] : a[i];
      break;
    case KERNELS_MINIMUM:
      for (int64_t i = 0; i < count; i++) to[i] = a[i] > b[i] ? b[i] : a[i];
      break;
    case KERNELS_LESS:
      for (int64_t i = 0; i < count; i++) to[i] = a[i] < b[i] ? 1.0f : 0.0f;
      break;
    case KERNELS_LESS_OR_EQUAL:
      for (int64_t i = 0; i < count; i++) to[i] = a[i] <= b[i] ? 1.0f : 0.0f;
      break;
    case KERNELS_EQUAL:
      for (int64_t i = 0; i < count; i++) to[i] = a[i] == b[i] ? 1.0f : 0.0f;
      break;
    case KERNELS_KEEP:
      for (int64_t i = 0; i < count; i++) to[i] = b[i] != 0.0f ? a[i] : 0.0f;
      break;
  }
}

CLONES static void binary_range(const binary *work, int64_t begin, int64_t end) {
  float left[BLOCK], right[BLOCK], result[BLOCK];
  for (int64_t i = begin; i < end; i += BLOCK) {
    int64_t n = end - i < BLOCK ? end - i : BLOCK;
    const float *a = view_block(&work->left, i, n, left);
    const float *b = view_block(&work->right, i, n, right);
    if (work->type == KERNELS_FLOAT32) {
      combine(work->function, a, b, (float *)work->output + i, n);
    } else {
      combine(work->function, a, b, result, n);
      store_block(work->type, result, work->output, i, n);
    }
  }
}

static void body(void *context, int64_t begin, int64_t end) { binary_range(context, begin, end); }

typedef struct {
  kernels_type type;
  void *sum;
  const void *addend;
} adding;

CLONES static void add_range(const adding *a, int64_t begin, int64_t end) {
  if (a->type == KERNELS_FLOAT32) {
    float *sum = a->sum;
    const float *addend = a->addend;
    for (int64_t i = begin; i < end; i++) sum[i] += addend[i];
    return;
  }
  float left[BLOCK], right[BLOCK];
  for (int64_t i = begin; i < end; i += BLOCK) {
    int64_t n = end - i < BLOCK ? end - i : BLOCK;
    load_block(a->type, a->sum, i, n, left);
    load_block(a->type, a->addend, i, n, right);
    for (int64_t k = 0; k < n; k++) left[k] += right[k];
    store_block(a->type, left, a->sum, i, n);
  }
}

static void add_body(void *context, int64_t begin, int64_t end) { add_range(context, begin, end); }

void kernels_add_to(kernels_type type, void *sum, const void *addend, int64_t count) {
  PROFILED(3 * count * kernels_size(type));
  adding a = {type, sum, addend};
  kernels_parallel_for(count, GRAIN, add_body, &a);
}

void kernels_binary(
  kernels_binary_function function, kernels_view left, kernels_view right, kernels_type type, void *output,
  int64_t count) {
  PROFILED(count * (kernels_size(left.type) + kernels_size(right.type) + kernels_size(type)));
  binary work = {function, left, right, type, output};
  kernels_parallel_for(count, GRAIN, body, &work);
}
