#include "kernels_private.h"

enum { MOST_MIXTURES = 64 };
static const float LEAST_LOG_SCALE = -7.0f;

typedef struct {
  const float *parameters, *targets, *weights;
  float *values, *gradient;
  int64_t channels, mixtures, levels;
} mixture;

INLINED float softplus(float x) {
  float positive = x > 0 ? x : 0;
  return positive + log1pf(fast_exp(x > 0 ? -x : x));
}

/// log(1 - exp(-t)) for t > 0, without cancellation.
INLINED float log_one_minus_exp(float t) {
  return t < 0.02f ? logf(t) - 0.5f * t + t * t * (1.0f / 24.0f) : log1pf(-fast_exp(-t));
}

/// log P(level) of one logistic, and its derivatives by mean and log scale.
///
/// With a and b the standardised upper and lower edges of the level's bin, sigma(a) - sigma(b) =
/// sigma(a) sigma(-b) (1 - exp(b - a)): three terms that never cancel. The outermost bins reach to infinity.
INLINED float log_probability(
  float x, float mean, float log_scale, float half, bool lowest, bool highest, float *by_mean,
  float *by_scale) {
  bool clamped = log_scale < LEAST_LOG_SCALE;
  float inverse = fast_exp(-(clamped ? LEAST_LOG_SCALE : log_scale));
  float a = inverse * (x - mean + half), b = inverse * (x - mean - half), t = 2.0f * half * inverse;
  float value = 0, by_a = 0, by_b = 0, by_t = 0;
  if (!highest) {
    value -= softplus(-a);
    by_a = fast_sigmoid(-a);
  }
  if (!lowest) {
    value -= softplus(b);
    by_b = -fast_sigmoid(b);
  }
  if (!lowest && !highest) {
    value += log_one_minus_exp(t);
    by_t = t < 1e-3f ? 1.0f / t - 0.5f : 1.0f / (t > 80.0f ? 5e34f : expm1f(t));
  }
  *by_mean = -inverse * (by_a + by_b);
  *by_scale = clamped ? 0.0f : -(by_a * a + by_b * b + by_t * t);
  return value;
}

INLINED float largest(const float *values, int64_t count) {
  float most = values[0];
  for (int64_t i = 1; i < count; i++) most = values[i] > most ? values[i] : most;
  return most;
}

INLINED void one_pixel(const mixture *m, int64_t pixel) {
  int64_t k = m->mixtures, c = m->channels;
  int64_t width = k * (1 + 2 * c) + (c == 3 ? 3 * k : 0);
  const float *p = m->parameters + pixel * width, *level = m->targets + pixel * c;
  const float *coefficients = p + k * (1 + 2 * c);
  float x[3], half = 1.0f / (float)(m->levels - 1);
  for (int64_t i = 0; i < c; i++) x[i] = 2.0f * half * level[i] - 1.0f;

  float joint[MOST_MIXTURES], by_mean[3][MOST_MIXTURES], by_scale[3][MOST_MIXTURES];
  float squashed[3][MOST_MIXTURES];
  float top = largest(p, k), total = 0;
  for (int64_t j = 0; j < k; j++) total += expf(p[j] - top);
  float normalizer = top + logf(total);
  for (int64_t j = 0; j < k; j++) {
    joint[j] = p[j] - normalizer;
    if (c == 3)
      for (int64_t i = 0; i < 3; i++) squashed[i][j] = tanhf(coefficients[i * k + j]);
    for (int64_t i = 0; i < c; i++) {
      float mean = p[k * (1 + 2 * i) + j], scale = p[k * (2 + 2 * i) + j];
      if (i == 1) mean += squashed[0][j] * x[0];
      if (i == 2) mean += squashed[1][j] * x[0] + squashed[2][j] * x[1];
      joint[j] += log_probability(
        x[i], mean, scale, half, level[i] <= 0, level[i] >= (float)(m->levels - 1), &by_mean[i][j],
        &by_scale[i][j]);
    }
  }
  float best = largest(joint, k), sum = 0;
  for (int64_t j = 0; j < k; j++) sum += expf(joint[j] - best);
  float log_likelihood = best + logf(sum);
  m->values[pixel] = -log_likelihood;
  if (!m->gradient) return;

  float *g = m->gradient + pixel * width, weight = m->weights ? m->weights[pixel] : 1.0f;
  for (int64_t j = 0; j < k; j++) {
    float responsibility = expf(joint[j] - log_likelihood);
    g[j] = -weight * (responsibility - expf(p[j] - normalizer));
    for (int64_t i = 0; i < c; i++) {
      g[k * (1 + 2 * i) + j] = -weight * responsibility * by_mean[i][j];
      g[k * (2 + 2 * i) + j] = -weight * responsibility * by_scale[i][j];
    }
    if (c == 3) {
      float *by_coefficient = g + k * 7;
      const int64_t target[3] = {1, 2, 2}, source[3] = {0, 0, 1};
      for (int64_t i = 0; i < 3; i++)
        by_coefficient[i * k + j] = -weight * responsibility * by_mean[target[i]][j]
                                    * x[source[i]] * (1.0f - squashed[i][j] * squashed[i][j]);
    }
  }
}

CLONES static void pixels_of(const mixture *m, int64_t begin, int64_t end) {
  for (int64_t pixel = begin; pixel < end; pixel++) one_pixel(m, pixel);
}

static void body(void *context, int64_t begin, int64_t end) { pixels_of(context, begin, end); }

void kernels_logistic_mixture(
  const float *parameters, const float *targets, const float *weights, float *values,
  float *gradient, int64_t pixels, int64_t channels, int64_t mixtures, int64_t levels) {
  PROFILED(pixels * 4 * (channels + mixtures * (channels == 1 ? 3 : 10)) * (gradient ? 2 : 1));
  mixture m = {parameters, targets, weights, values, gradient, channels, mixtures, levels};
  kernels_parallel_for(pixels, 64, body, &m);
}
