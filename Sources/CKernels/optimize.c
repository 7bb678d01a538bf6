#include "kernels_private.h"

typedef struct {
  float *parameter;
  const float *gradient;
  float *first, *second;
  float rate, beta1, beta2, epsilon, decay, scale, correction;
} adam;

CLONES static void adam_range(const adam *w, int64_t begin, int64_t end) {
  // Copies: the compiler cannot know that what is written is not `w`.
  adam local = *w;
  float *restrict parameter = local.parameter, *restrict first = local.first, *restrict second = local.second;
  const float *restrict gradient = local.gradient;
  float rate = local.rate, beta1 = local.beta1, beta2 = local.beta2, epsilon = local.epsilon;
  float decay = local.decay, scale = local.scale, correction = local.correction;
  for (int64_t i = begin; i < end; i++) {
    float g = gradient[i] * scale;
    float m = beta1 * first[i] + (1.0f - beta1) * g;
    float v = beta2 * second[i] + (1.0f - beta2) * g * g;
    first[i] = m;
    second[i] = v;
    parameter[i] -= rate * m / (square_root(v) * correction + epsilon) + decay * parameter[i];
  }
}

static void adam_body(void *context, int64_t begin, int64_t end) { adam_range(context, begin, end); }

void kernels_adam(
  float *parameter, const float *gradient, float *first_moment, float *second_moment, int64_t count,
  float learning_rate, float beta1, float beta2, float epsilon, float weight_decay,
  float gradient_scale, int64_t step) {
  PROFILED(7 * 4 * count);
  adam work = {
    .parameter = parameter, .gradient = gradient, .first = first_moment, .second = second_moment,
    .rate = (float)(learning_rate / (1.0 - pow(beta1, (double)step))), .beta1 = beta1, .beta2 = beta2,
    .epsilon = epsilon, .decay = learning_rate * weight_decay, .scale = gradient_scale,
    .correction = (float)(1.0 / sqrt(1.0 - pow(beta2, (double)step)))};
  kernels_parallel_for(count, GRAIN, adam_body, &work);
}

typedef struct {
  float *parameter;
  const float *gradient;
  float *velocity;
  float rate, momentum, decay, scale;
} descent;

CLONES static void descent_range(const descent *w, int64_t begin, int64_t end) {
  // Copies, as above.
  descent local = *w;
  float *restrict parameter = local.parameter, *restrict velocity = local.velocity;
  const float *restrict gradient = local.gradient;
  float rate = local.rate, momentum = local.momentum, decay = local.decay, scale = local.scale;
  for (int64_t i = begin; i < end; i++) {
    float v = momentum * velocity[i] + scale * gradient[i];
    velocity[i] = v;
    parameter[i] -= rate * v + decay * parameter[i];
  }
}

static void descent_body(void *context, int64_t begin, int64_t end) { descent_range(context, begin, end); }

void kernels_momentum(
  float *parameter, const float *gradient, float *velocity, int64_t count, float learning_rate, float momentum,
  float weight_decay, float gradient_scale) {
  PROFILED(5 * 4 * count);
  descent work = {parameter, gradient,  velocity, learning_rate, momentum, learning_rate * weight_decay,
                  gradient_scale};
  kernels_parallel_for(count, GRAIN, descent_body, &work);
}

typedef struct {
  float *average;
  const float *parameter;
  float keep;
} averaging;

CLONES static void average_range(const averaging *a, int64_t begin, int64_t end) {
  float *restrict average = a->average;
  const float *restrict parameter = a->parameter;
  float keep = a->keep;
  for (int64_t i = begin; i < end; i++) average[i] += keep * (parameter[i] - average[i]);
}

static void average_body(void *context, int64_t begin, int64_t end) { average_range(context, begin, end); }

void kernels_moving_average(float *average, const float *parameter, int64_t count, float decay) {
  PROFILED(3 * 4 * count);
  averaging work = {average, parameter, 1.0f - decay};
  kernels_parallel_for(count, GRAIN, average_body, &work);
}

CLONES static double sum_of_squares(const float *values, int64_t count) {
  // Eight running sums: a fixed order that vectorises without reassociation.
  double sums[8] = {0};
  int64_t i = 0;
  for (; i + 8 <= count; i += 8)
    for (int lane = 0; lane < 8; lane++) sums[lane] += (double)values[i + lane] * values[i + lane];
  for (; i < count; i++) sums[0] += (double)values[i] * values[i];
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

CLONES static void add_block(float *restrict sum, const float *restrict addend, int64_t count) {
  for (int64_t i = 0; i < count; i++) sum[i] += addend[i];
}

double kernels_sum_of_parts(const float *const *parts, int64_t part_count, int64_t start, int64_t count, float *sum) {
  PROFILED(4 * count * (part_count + (sum ? 1 : 0)));
  float block[BLOCK];
  double squares = 0;
  for (int64_t i = start; i < start + count; i += BLOCK) {
    int64_t n = start + count - i < BLOCK ? start + count - i : BLOCK;
    const float *values = parts[0] + i;
    if (part_count > 1) {
      memcpy(block, values, (size_t)n * 4);
      for (int64_t part = 1; part < part_count; part++) add_block(block, parts[part] + i, n);
      values = block;
    }
    if (sum) memcpy(sum + i, values, (size_t)n * 4);
    squares += sum_of_squares(values, n);
  }
  return squares;
}
