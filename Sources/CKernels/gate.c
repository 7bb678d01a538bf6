#include "gate_private.h"

/// Values that are computed in one loop: some rows where a row is short, else a part of one.
enum { CHUNK = 512 };

/// Reads the two halves of `n` channels of `rows` rows, with their condition added.
INLINED void load_halves(
  const gate *g, int64_t row, int64_t rows, int64_t channel, int64_t n, float *a, float *b) {
  for (int64_t r = 0; r < rows; r++, a += n, b += n) {
    int64_t start = (row + r) * g->input_stride + channel;
    load_block(g->type, g->input, start, n, a);
    load_block(g->type, g->input, start + g->channels, n, b);
    if (!g->condition) continue;
    const float *condition = g->condition + (row + r) / g->rows_per_group * 2 * g->channels + channel;
    for (int64_t i = 0; i < n; i++) a[i] += condition[i];
    for (int64_t i = 0; i < n; i++) b[i] += condition[g->channels + i];
  }
}

/// p = exp(-2a) and q = exp(-b), kept so small that (1 + p)(1 + q) stays finite: then tanh(a) = (1 - p) / (1 + p) and
/// sigmoid(b) = 1 / (1 + q) share one division.
INLINED float decay_of_tanh(float a) { return fast_exp(a < -20.0f ? 40.0f : -2.0f * a); }
INLINED float decay_of_sigmoid(float b) { return fast_exp(b < -40.0f ? 40.0f : -b); }

CLONES static void forward_rows(const gate *g, int64_t begin, int64_t end) {
  float a[CHUNK], b[CHUNK];
  int64_t piece = g->channels < CHUNK ? g->channels : CHUNK, at_once = CHUNK / piece;
  for (int64_t row = begin; row < end; row += at_once)
    for (int64_t channel = 0; channel < g->channels; channel += piece) {
      int64_t rows = end - row < at_once ? end - row : at_once;
      int64_t n = g->channels - channel < piece ? g->channels - channel : piece;
      load_halves(g, row, rows, channel, n, a, b);
      for (int64_t i = 0; i < rows * n; i++) {
        float p = decay_of_tanh(a[i]), q = decay_of_sigmoid(b[i]);
        a[i] = (1.0f - p) / ((1.0f + p) * (1.0f + q));
      }
      if (g->second) {
        load_block(g->type, g->second, row * g->channels + channel, rows * n, b);
        for (int64_t i = 0; i < rows * n; i++) a[i] += b[i];
      }
      store_block(g->type, a, g->result, row * g->channels + channel, rows * n);
    }
}

CLONES static void backward_rows(const gate *g, int64_t begin, int64_t end) {
  float a[CHUNK], b[CHUNK], dy[CHUNK];
  int64_t piece = g->channels < CHUNK ? g->channels : CHUNK, at_once = CHUNK / piece;
  for (int64_t row = begin; row < end; row += at_once)
    for (int64_t channel = 0; channel < g->channels; channel += piece) {
      int64_t rows = end - row < at_once ? end - row : at_once;
      int64_t n = g->channels - channel < piece ? g->channels - channel : piece;
      load_halves(g, row, rows, channel, n, a, b);
      load_block(g->type, g->second, row * g->channels + channel, rows * n, dy);
      for (int64_t i = 0; i < rows * n; i++) {
        float p = decay_of_tanh(a[i]), q = decay_of_sigmoid(b[i]);
        float shared = 1.0f / ((1.0f + p) * (1.0f + q));
        float s = (1.0f + p) * shared, by_p = (1.0f + q) * shared, t = (1.0f - p) * by_p;
        // 1 - tanh² = 4p / (1 + p)² and 1 - sigmoid = q sigmoid, without cancellation.
        a[i] = dy[i] * s * 4.0f * p * by_p * by_p;
        b[i] = dy[i] * t * s * q * s;
      }
      for (int64_t r = 0; r < rows; r++) {
        int64_t start = (row + r) * 2 * g->channels + channel;
        store_block(g->type, a + r * n, g->result, start, n);
        store_block(g->type, b + r * n, g->result, start + g->channels, n);
      }
    }
}

static void forward_body(void *context, int64_t begin, int64_t end) {
  if (!gate_forward_avx512(context, begin, end)) forward_rows(context, begin, end);
}

static void backward_body(void *context, int64_t begin, int64_t end) {
  if (!gate_backward_avx512(context, begin, end)) backward_rows(context, begin, end);
}

void kernels_gate_forward(
  kernels_type type, const void *input, int64_t input_stride, const float *condition,
  const void *addend, void *output, int64_t rows, int64_t rows_per_group, int64_t channels) {
  PROFILED((addend ? 4 : 3) * rows * channels * kernels_size(type));
  gate g = {type, input, condition, addend, output, rows_per_group, channels, input_stride};
  kernels_parallel_for(rows, 1 + GRAIN / (4 * channels), forward_body, &g);
}

void kernels_gate_backward(
  kernels_type type, const void *input, const float *condition, const void *output_gradient,
  void *input_gradient, int64_t rows, int64_t rows_per_group, int64_t channels) {
  PROFILED(5 * rows * channels * kernels_size(type));
  gate g = {type, input, condition, output_gradient, input_gradient, rows_per_group, channels, 2 * channels};
  kernels_parallel_for(rows, 1 + GRAIN / (4 * channels), backward_body, &g);
}
