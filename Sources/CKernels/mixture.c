#include "kernels_private.h"

/// Mixtures that are computed side by side; the most that a pixel has.
enum { LANES = 16, MOST_MIXTURES = 64 };
static const float LEAST_LOG_SCALE = -7.0f;

typedef struct {
  const float *parameters, *targets, *start;
  float *values, *gradient;
  int64_t channels, mixtures, levels;
} mixture;

/// One pixel's mixtures, rounded up to whole LANES: those that there are not are endlessly improbable.
typedef struct {
  float logit[MOST_MIXTURES], mean[3][MOST_MIXTURES], log_scale[3][MOST_MIXTURES];
  float coefficient[3][MOST_MIXTURES], joint[MOST_MIXTURES], weight[MOST_MIXTURES];
  float by_mean[3][MOST_MIXTURES], by_scale[3][MOST_MIXTURES];
} terms;

/// log(1 - exp(-t)) for t > 0, without cancellation.
INLINED float log_one_minus_exp(float t) {
  float near = fast_log(t) - 0.5f * t + t * t * (1.0f / 24.0f), far = fast_log1p(-fast_exp(-t));
  return t < 0.02f ? near : far;
}

/// Adds log P(level) of LANES logistics to `joint`, and gives their derivatives by mean and log scale.
///
/// With a and b the standardised upper and lower edges of the level's bin, sigma(a) - sigma(b) =
/// sigma(a) sigma(-b) (1 - exp(b - a)): three terms that never cancel. The outermost bins reach to infinity.
INLINED void add_probabilities(
  const bool LOWEST, const bool HIGHEST, float x, float half, const float *restrict mean,
  const float *restrict log_scale, float *restrict joint, float *restrict by_mean, float *restrict by_scale) {
  for (int i = 0; i < LANES; i++) {
    bool clamped = log_scale[i] < LEAST_LOG_SCALE;
    float inverse = fast_exp(-(clamped ? LEAST_LOG_SCALE : log_scale[i])), centre = x - mean[i];
    float a = inverse * (centre + half), b = inverse * (centre - half), t = 2.0f * half * inverse;
    float value = 0, slope = 0, spread = 0;
    if (!HIGHEST) {
      float e = fast_exp(-fabsf(a)), share = 1.0f / (1.0f + e), by_a = a < 0 ? share : e * share;
      value -= (a < 0 ? -a : 0.0f) + fast_log1p(e);
      slope += by_a;
      spread += by_a * a;
    }
    if (!LOWEST) {
      float e = fast_exp(-fabsf(b)), share = 1.0f / (1.0f + e), by_b = b > 0 ? share : e * share;
      value -= (b > 0 ? b : 0.0f) + fast_log1p(e);
      slope -= by_b;
      spread -= by_b * b;
    }
    if (!LOWEST && !HIGHEST) {
      value += log_one_minus_exp(t);
      float far = t / fast_expm1(t > 80.0f ? 80.0f : t);
      spread += t < 1e-3f ? 1.0f - 0.5f * t : far;
    }
    joint[i] += value;
    by_mean[i] = -inverse * slope;
    by_scale[i] = clamped ? 0.0f : -spread;
  }
}

/// The same for as many mixtures as there are.
INLINED void add_channel(terms *p, int64_t channel, int64_t padded, float x, float half, bool lowest, bool highest) {
  for (int64_t j = 0; j < padded; j += LANES) {
    const float *mean = p->mean[channel] + j, *log_scale = p->log_scale[channel] + j;
    float *joint = p->joint + j, *by_mean = p->by_mean[channel] + j, *by_scale = p->by_scale[channel] + j;
    if (lowest)
      add_probabilities(true, false, x, half, mean, log_scale, joint, by_mean, by_scale);
    else if (highest)
      add_probabilities(false, true, x, half, mean, log_scale, joint, by_mean, by_scale);
    else
      add_probabilities(false, false, x, half, mean, log_scale, joint, by_mean, by_scale);
  }
}

/// log of the sum of a row's exponentials; the row becomes each one's share of it.
INLINED float shares_of(float *row, int64_t padded) {
  float most = row_max(row, padded);
  for (int64_t j = 0; j < padded; j++) row[j] = fast_exp(row[j] - most);
  float sum = row_sum(row, padded), inverse = 1.0f / sum;
  for (int64_t j = 0; j < padded; j++) row[j] *= inverse;
  return most + fast_log(sum);
}

INLINED void add_start(float *row, const float *start, int64_t count) {
  for (int64_t j = 0; j < count; j++) row[j] += start[j];
}

INLINED void one_pixel(const mixture *m, terms *p, int64_t pixel) {
  int64_t k = m->mixtures, c = m->channels, padded = (k + LANES - 1) / LANES * LANES;
  int64_t width = k * (1 + 2 * c) + (c == 3 ? 3 * k : 0);
  size_t bytes = (size_t)k * 4;
  const float *from = m->parameters + pixel * width, *level = m->targets + pixel * c;
  float x[3] = {0}, half = 1.0f / (float)(m->levels - 1);
  memcpy(p->logit, from, bytes);
  for (int64_t i = 0; i < c; i++) {
    x[i] = 2.0f * half * level[i] - 1.0f;
    memcpy(p->mean[i], from + k * (1 + 2 * i), bytes);
    memcpy(p->log_scale[i], from + k * (2 + 2 * i), bytes);
    if (m->start) add_start(p->log_scale[i], m->start + k * (2 + 2 * i), k);
  }
  if (c == 3) {
    for (int64_t i = 0; i < 3; i++) {
      memcpy(p->coefficient[i], from + k * (7 + i), bytes);
      if (m->start)
        add_start(p->coefficient[i], m->start + k * (7 + i), k);
      else
        for (int64_t j = 0; j < padded; j++) p->coefficient[i][j] = fast_tanh(p->coefficient[i][j]);
    }
    for (int64_t j = 0; j < padded; j++) {
      p->mean[1][j] += p->coefficient[0][j] * x[0];
      p->mean[2][j] += p->coefficient[1][j] * x[0] + p->coefficient[2][j] * x[1];
    }
  }
  // What is kept of the logits becomes each mixture's weight.
  memcpy(p->joint, p->logit, (size_t)padded * 4);
  memcpy(p->weight, p->logit, (size_t)padded * 4);
  float normalizer = shares_of(p->weight, padded);
  for (int64_t i = 0; i < c; i++)
    add_channel(p, i, padded, x[i], half, level[i] <= 0, level[i] >= (float)(m->levels - 1));
  float log_likelihood = shares_of(p->joint, padded) - normalizer;
  m->values[pixel] = -log_likelihood;
  if (!m->gradient) return;

  float *to = m->gradient + pixel * width;
  float row[MOST_MIXTURES];
  for (int64_t j = 0; j < padded; j++) row[j] = p->weight[j] - p->joint[j];
  memcpy(to, row, bytes);
  for (int64_t j = 0; j < padded; j++) p->joint[j] = -p->joint[j];
  for (int64_t i = 0; i < c; i++) {
    for (int64_t j = 0; j < padded; j++) row[j] = p->joint[j] * p->by_mean[i][j];
    memcpy(to + k * (1 + 2 * i), row, bytes);
    for (int64_t j = 0; j < padded; j++) row[j] = p->joint[j] * p->by_scale[i][j];
    memcpy(to + k * (2 + 2 * i), row, bytes);
  }
  if (c != 3) return;
  const int64_t target[3] = {1, 2, 2}, source[3] = {0, 0, 1};
  for (int64_t i = 0; i < 3; i++) {
    const float *by_mean = p->by_mean[target[i]], *squashed = p->coefficient[i];
    for (int64_t j = 0; j < padded; j++) {
      float slope = m->start ? 1.0f : 1.0f - squashed[j] * squashed[j];
      row[j] = p->joint[j] * by_mean[j] * x[source[i]] * slope;
    }
    memcpy(to + k * (7 + i), row, bytes);
  }
}

CLONES static void pixels_of(const mixture *m, int64_t begin, int64_t end) {
  terms p = {0};
  // Mixtures that there are not; those that there are, are copied over these.
  for (int j = 0; j < MOST_MIXTURES; j++) p.logit[j] = -1e30f;
  for (int64_t pixel = begin; pixel < end; pixel++) one_pixel(m, &p, pixel);
}

static void body(void *context, int64_t begin, int64_t end) { pixels_of(context, begin, end); }

void kernels_logistic_mixture(
  const float *parameters, const float *targets, const float *start, float *values, float *gradient,
  int64_t pixels, int64_t channels, int64_t mixtures, int64_t levels) {
  PROFILED(pixels * 4 * (channels + mixtures * (channels == 1 ? 3 : 10)) * (gradient ? 2 : 1));
  mixture m = {parameters, targets, start, values, gradient, channels, mixtures, levels};
  kernels_parallel_for(pixels, 64, body, &m);
}
