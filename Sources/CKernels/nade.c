#include "kernels_private.h"

/// Sums that are kept side by side, so that a dot product is one of vectors.
enum { LANES = 16 };

INLINED float dot(const float *restrict a, const float *restrict b, int64_t count) {
  float sums[LANES] = {0};
  int64_t whole = count - count % LANES;
  for (int64_t i = 0; i < whole; i += LANES)
    for (int lane = 0; lane < LANES; lane++) sums[lane] += a[i + lane] * b[i + lane];
  float sum = 0;
  for (int lane = 0; lane < LANES; lane++) sum += sums[lane];
  for (int64_t i = whole; i < count; i++) sum += a[i] * b[i];
  return sum;
}

INLINED void add_scaled(const float *restrict source, float factor, float *restrict target, int64_t count) {
  for (int64_t i = 0; i < count; i++) target[i] += factor * source[i];
}

typedef struct {
  kernels_nade_shape shape;
  const float *values, *start, *input_weights, *output_weights;
  float *units, *sums;
} forward;

/// One image: the units of a pixel hold the sums until the next pixel's are made of them.
CLONES static void forward_image(const forward *f, int64_t image) {
  const kernels_nade_shape s = f->shape;
  float *present = f->units + image * s.hidden;
  memcpy(present, f->start + image * s.hidden, (size_t)s.hidden * sizeof(float));
  for (int64_t pixel = 0; pixel < s.pixels; pixel++) {
    float *next = present + s.images * s.hidden;
    if (pixel + 1 < s.pixels) {
      memcpy(next, present, (size_t)s.hidden * sizeof(float));
      for (int64_t channel = 0; channel < s.channels; channel++)
        add_scaled(
          f->input_weights + (pixel * s.channels + channel) * s.hidden,
          f->values[(image * s.pixels + pixel) * s.channels + channel], next, s.hidden);
    }
    for (int64_t i = 0; i < s.hidden; i++) present[i] = fast_sigmoid(present[i]);
    for (int64_t output = 0; output < s.outputs; output++)
      f->sums[(image * s.pixels + pixel) * s.outputs + output] =
        dot(f->output_weights + (pixel * s.outputs + output) * s.hidden, present, s.hidden);
    present = next;
  }
}

static void forward_images(void *context, int64_t begin, int64_t end) {
  for (int64_t image = begin; image < end; image++) forward_image(context, image);
}

void kernels_nade_forward(
  kernels_nade_shape shape, const float *values, const float *start, const float *input_weights,
  const float *output_weights, float *units, float *sums) {
  forward f = {shape, values, start, input_weights, output_weights, units, sums};
  kernels_parallel_for(shape.images, 1, forward_images, &f);
}

CLONES void kernels_nade_backward(
  kernels_nade_shape s, const float *values, const float *input_weights, const float *output_weights,
  const float *units, const float *of_sums, float *of_values, float *of_start, float *of_input_weights,
  float *of_output_weights) {
  // `of_start` holds, image by image, the gradient of the sums behind the pixel under way.
  memset(of_start, 0, (size_t)(s.images * s.hidden) * sizeof(float));
  memset(of_input_weights, 0, (size_t)(s.pixels * s.channels * s.hidden) * sizeof(float));
  memset(of_output_weights, 0, (size_t)(s.pixels * s.outputs * s.hidden) * sizeof(float));
  for (int64_t pixel = s.pixels - 1; pixel >= 0; pixel--) {
    for (int64_t image = 0; image < s.images; image++) {
      float *restrict behind = of_start + image * s.hidden;
      for (int64_t channel = 0; channel < s.channels; channel++) {
        int64_t value = (image * s.pixels + pixel) * s.channels + channel;
        int64_t weights = (pixel * s.channels + channel) * s.hidden;
        add_scaled(behind, values[value], of_input_weights + weights, s.hidden);
        if (of_values != NULL) of_values[value] = dot(behind, input_weights + weights, s.hidden);
      }
      const float *restrict unit = units + (pixel * s.images + image) * s.hidden;
      for (int64_t output = 0; output < s.outputs; output++) {
        float slope = of_sums[(image * s.pixels + pixel) * s.outputs + output];
        const float *restrict weights = output_weights + (pixel * s.outputs + output) * s.hidden;
        float *restrict of_weights = of_output_weights + (pixel * s.outputs + output) * s.hidden;
        for (int64_t i = 0; i < s.hidden; i++) {
          of_weights[i] += slope * unit[i];
          behind[i] += slope * weights[i] * unit[i] * (1.0f - unit[i]);
        }
      }
    }
  }
}
