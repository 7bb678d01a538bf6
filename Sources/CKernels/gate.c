#include "kernels_private.h"

typedef struct {
  kernels_type type;
  const void *input;
  const float *condition;
  const void *output_gradient;
  void *result;
  int64_t rows_per_group, channels, input_stride;
} gate;

/// Channels that are handled at a time.
enum { CHUNK = 128 };

/// Reads the two halves of one row's chunk with its condition added.
INLINED void load_halves(const gate *g, int64_t row, int64_t channel, int64_t n, float *a, float *b) {
  int64_t start = row * g->input_stride + channel;
  load_block(g->type, g->input, start, n, a);
  load_block(g->type, g->input, start + g->channels, n, b);
  if (!g->condition) return;
  const float *condition = g->condition + row / g->rows_per_group * 2 * g->channels + channel;
  for (int64_t i = 0; i < n; i++) a[i] += condition[i];
  for (int64_t i = 0; i < n; i++) b[i] += condition[g->channels + i];
}

CLONES static void forward_rows(const gate *g, int64_t begin, int64_t end) {
  float a[CHUNK], b[CHUNK];
  for (int64_t row = begin; row < end; row++)
    for (int64_t channel = 0; channel < g->channels; channel += CHUNK) {
      int64_t n = g->channels - channel < CHUNK ? g->channels - channel : CHUNK;
      load_halves(g, row, channel, n, a, b);
      for (int64_t i = 0; i < n; i++) {
        // tanh(a) sigmoid(b) = (1 - p) / ((1 + p)(1 + q)) with one division.
        float x = a[i] < -30.0f ? -30.0f : a[i];
        float p = fast_exp(-2.0f * x), q = fast_exp(-b[i] > 80.0f ? 80.0f : -b[i]);
        p = p > 1e18f ? 1e18f : p;
        a[i] = (1.0f - p) / ((1.0f + p) * (1.0f + q));
      }
      store_block(g->type, a, g->result, row * g->channels + channel, n);
    }
}

CLONES static void backward_rows(const gate *g, int64_t begin, int64_t end) {
  float a[CHUNK], b[CHUNK], dy[CHUNK];
  for (int64_t row = begin; row < end; row++)
    for (int64_t channel = 0; channel < g->channels; channel += CHUNK) {
      int64_t n = g->channels - channel < CHUNK ? g->channels - channel : CHUNK;
      load_halves(g, row, channel, n, a, b);
      load_block(g->type, g->output_gradient, row * g->channels + channel, n, dy);
      for (int64_t i = 0; i < n; i++) {
        float t = fast_tanh(a[i]), s = fast_sigmoid(b[i]);
        a[i] = dy[i] * s * (1.0f - t * t);
        b[i] = dy[i] * t * s * (1.0f - s);
      }
      int64_t start = row * 2 * g->channels + channel;
      store_block(g->type, a, g->result, start, n);
      store_block(g->type, b, g->result, start + g->channels, n);
    }
}

static void forward_body(void *context, int64_t begin, int64_t end) { forward_rows(context, begin, end); }
static void backward_body(void *context, int64_t begin, int64_t end) { backward_rows(context, begin, end); }

void kernels_gate_forward(
  kernels_type type, const void *input, int64_t input_stride, const float *condition, void *output,
  int64_t rows, int64_t rows_per_group, int64_t channels) {
  gate g = {type, input, condition, NULL, output, rows_per_group, channels, input_stride};
  kernels_parallel_for(rows, 1 + GRAIN / (4 * channels), forward_body, &g);
}

void kernels_gate_backward(
  kernels_type type, const void *input, const float *condition, const void *output_gradient,
  void *input_gradient, int64_t rows, int64_t rows_per_group, int64_t channels) {
  gate g = {type, input, condition, output_gradient, input_gradient, rows_per_group, channels, 2 * channels};
  kernels_parallel_for(rows, 1 + GRAIN / (4 * channels), backward_body, &g);
}
