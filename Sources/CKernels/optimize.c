#include "kernels_private.h"

CLONES static void adam(
  float *parameter, const float *gradient, float *first, float *second, int64_t count, float rate,
  float beta1, float beta2, float epsilon, float decay, float scale, float correction) {
  for (int64_t i = 0; i < count; i++) {
    float g = gradient[i] * scale;
    float m = beta1 * first[i] + (1.0f - beta1) * g;
    float v = beta2 * second[i] + (1.0f - beta2) * g * g;
    first[i] = m;
    second[i] = v;
    parameter[i] -= rate * m / (sqrtf(v) * correction + epsilon) + decay * parameter[i];
  }
}

void kernels_adam(
  float *parameter, const float *gradient, float *first_moment, float *second_moment, int64_t count,
  float learning_rate, float beta1, float beta2, float epsilon, float weight_decay,
  float gradient_scale, int64_t step) {
  double rate = learning_rate / (1.0 - pow(beta1, (double)step));
  double correction = 1.0 / sqrt(1.0 - pow(beta2, (double)step));
  adam(
    parameter, gradient, first_moment, second_moment, count, (float)rate, beta1, beta2, epsilon,
    learning_rate * weight_decay, gradient_scale, (float)correction);
}

CLONES static void moving_average(float *average, const float *parameter, int64_t count, float keep) {
  for (int64_t i = 0; i < count; i++) average[i] += keep * (parameter[i] - average[i]);
}

void kernels_moving_average(float *average, const float *parameter, int64_t count, float decay) {
  moving_average(average, parameter, count, 1.0f - decay);
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

double kernels_sum_of_squares(const float *values, int64_t count) { return sum_of_squares(values, count); }
