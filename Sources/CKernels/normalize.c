#include "kernels_private.h"

/// Rows that are summed in float32 before the sum goes to float64's care, and elements a piece of images has.
enum { ROWS = 64, PIECE = 32768 };

typedef struct {
  kernels_normalization n;
  float epsilon;
  const void *output_gradient;
  void *result;
  float *statistics, *scratch;
  /// Images that one item handles; the last may have fewer.
  int64_t images_per_piece, pieces;
} normalizing;

/// Arrays of one float a channel that a piece works in: the first two collect the parameters' gradients.
enum { BIAS_SUM, SCALE_SUM, CENTER, FACTOR, SHIFT, FIRST, SECOND, ARRAYS };

static int64_t images_of_piece(const kernels_normalization *n) {
  int64_t size = n->positions * n->channels;
  // Enough images that the arrays of a piece are small beside it.
  return size >= PIECE ? 1 : (PIECE + size - 1) / size;
}

static int64_t piece_count(const kernels_normalization *n) {
  int64_t images = images_of_piece(n);
  return (n->images + images - 1) / images;
}

int64_t kernels_normalize_scratch(const kernels_normalization *n) {
  return n->channels * n->positions == 0 ? 0 : piece_count(n) * ARRAYS * n->channels;
}

/// Adds up over an image's positions x - center, or its square, for every channel.
INLINED void sum_channels(
  const normalizing *w, int64_t start, const float *center, bool squared, float *restrict sums) {
  float block[BLOCK], part[BLOCK];
  int64_t channels = w->n.channels;
  for (int64_t column = 0; column < channels; column += BLOCK) {
    int64_t n = channels - column < BLOCK ? channels - column : BLOCK;
    memset(sums + column, 0, (size_t)n * 4);
    for (int64_t first = 0; first < w->n.positions; first += ROWS) {
      int64_t last = first + ROWS < w->n.positions ? first + ROWS : w->n.positions;
      memset(part, 0, (size_t)n * 4);
      for (int64_t row = first; row < last; row++) {
        const float *x = float_block(w->n.type, w->n.input, start + row * channels + column, n, block);
        if (squared) {
          for (int64_t i = 0; i < n; i++) {
            float distance = x[i] - center[column + i];
            part[i] += distance * distance;
          }
        } else {
          for (int64_t i = 0; i < n; i++) part[i] += x[i];
        }
      }
      for (int64_t i = 0; i < n; i++) sums[column + i] += part[i];
    }
  }
}

INLINED void fill(float *to, int64_t count, float value) {
  for (int64_t i = 0; i < count; i++) to[i] = value;
}

CLONES static void forward_pieces(const normalizing *w, int64_t begin, int64_t end) {
  float block[BLOCK], result[BLOCK];
  int64_t channels = w->n.channels, positions = w->n.positions, width = channels / w->n.groups;
  double scale = 1.0 / (double)(positions * width);
  for (int64_t piece = begin; piece < end; piece++) {
    float *arrays = w->scratch + piece * ARRAYS * channels;
    float *center = arrays + CENTER * channels, *factor = arrays + FACTOR * channels, *sums = arrays + FIRST * channels;
    int64_t last = (piece + 1) * w->images_per_piece;
    for (int64_t image = piece * w->images_per_piece; image < last && image < w->n.images; image++) {
      int64_t start = image * positions * channels;
      float *statistics = w->statistics + image * w->n.groups * 2;
      sum_channels(w, start, NULL, false, sums);
      for (int64_t group = 0; group < w->n.groups; group++) {
        statistics[2 * group] = (float)(row_sum(sums + group * width, width) * scale);
        fill(center + group * width, width, statistics[2 * group]);
      }
      sum_channels(w, start, center, true, sums);
      for (int64_t group = 0; group < w->n.groups; group++) {
        double variance = row_sum(sums + group * width, width) * scale;
        statistics[2 * group + 1] = (float)(1.0 / sqrt(variance + w->epsilon));
        fill(factor + group * width, width, statistics[2 * group + 1]);
      }
      if (w->n.scale)
        for (int64_t i = 0; i < channels; i++) factor[i] *= w->n.scale[i];
      for (int64_t row = 0; row < positions; row++)
        for (int64_t column = 0; column < channels; column += BLOCK) {
          int64_t n = channels - column < BLOCK ? channels - column : BLOCK, at = start + row * channels + column;
          const float *x = float_block(w->n.type, w->n.input, at, n, block);
          if (w->n.bias)
            for (int64_t i = 0; i < n; i++)
              result[i] = (x[i] - center[column + i]) * factor[column + i] + w->n.bias[column + i];
          else
            for (int64_t i = 0; i < n; i++) result[i] = (x[i] - center[column + i]) * factor[column + i];
          store_block(w->n.type, result, w->result, at, n);
        }
    }
  }
}

/// Adds up over an image's positions the gradient, and the gradient times the normalised input.
INLINED void sum_gradients(
  const normalizing *w, int64_t start, const float *center, const float *deviation, float *restrict plain,
  float *restrict weighted) {
  float inputs[BLOCK], gradients[BLOCK], first_part[BLOCK], second_part[BLOCK];
  int64_t channels = w->n.channels;
  for (int64_t column = 0; column < channels; column += BLOCK) {
    int64_t n = channels - column < BLOCK ? channels - column : BLOCK;
    memset(plain + column, 0, (size_t)n * 4);
    memset(weighted + column, 0, (size_t)n * 4);
    for (int64_t first = 0; first < w->n.positions; first += ROWS) {
      int64_t last = first + ROWS < w->n.positions ? first + ROWS : w->n.positions;
      memset(first_part, 0, (size_t)n * 4);
      memset(second_part, 0, (size_t)n * 4);
      for (int64_t row = first; row < last; row++) {
        int64_t at = start + row * channels + column;
        const float *x = float_block(w->n.type, w->n.input, at, n, inputs);
        const float *dy = float_block(w->n.type, w->output_gradient, at, n, gradients);
        for (int64_t i = 0; i < n; i++) {
          first_part[i] += dy[i];
          second_part[i] += dy[i] * (x[i] - center[column + i]);
        }
      }
      for (int64_t i = 0; i < n; i++) {
        plain[column + i] += first_part[i];
        weighted[column + i] += second_part[i] * deviation[column + i];
      }
    }
  }
}

CLONES static void backward_pieces(const normalizing *w, int64_t begin, int64_t end) {
  float inputs[BLOCK], gradients[BLOCK], result[BLOCK];
  int64_t channels = w->n.channels, positions = w->n.positions, width = channels / w->n.groups;
  float scale = 1.0f / (float)(positions * width);
  for (int64_t piece = begin; piece < end; piece++) {
    float *arrays = w->scratch + piece * ARRAYS * channels;
    float *center = arrays + CENTER * channels, *factor = arrays + FACTOR * channels;
    float *shift = arrays + SHIFT * channels, *plain = arrays + FIRST * channels, *weighted = arrays + SECOND * channels;
    memset(arrays, 0, (size_t)channels * 2 * 4);
    int64_t last = (piece + 1) * w->images_per_piece;
    for (int64_t image = piece * w->images_per_piece; image < last && image < w->n.images; image++) {
      int64_t start = image * positions * channels;
      const float *statistics = w->statistics + image * w->n.groups * 2;
      for (int64_t group = 0; group < w->n.groups; group++) {
        fill(center + group * width, width, statistics[2 * group]);
        fill(factor + group * width, width, statistics[2 * group + 1]);
      }
      sum_gradients(w, start, center, factor, plain, weighted);
      for (int64_t i = 0; i < channels; i++) {
        arrays[i] += plain[i];
        arrays[channels + i] += weighted[i];
      }
      if (w->n.scale)
        for (int64_t i = 0; i < channels; i++) {
          plain[i] *= w->n.scale[i];
          weighted[i] *= w->n.scale[i];
          factor[i] *= w->n.scale[i];
        }
      if (!w->result) continue;
      // The input's gradient is dy * factor - (x - center) * shift - plain, with one shift a group.
      for (int64_t group = 0; group < w->n.groups; group++) {
        float deviation = statistics[2 * group + 1];
        float mean = row_sum(plain + group * width, width) * scale;
        float slope = row_sum(weighted + group * width, width) * scale;
        fill(shift + group * width, width, deviation * deviation * slope);
        fill(plain + group * width, width, deviation * mean);
      }
      for (int64_t row = 0; row < positions; row++)
        for (int64_t column = 0; column < channels; column += BLOCK) {
          int64_t n = channels - column < BLOCK ? channels - column : BLOCK, at = start + row * channels + column;
          const float *x = float_block(w->n.type, w->n.input, at, n, inputs);
          const float *dy = float_block(w->n.type, w->output_gradient, at, n, gradients);
          for (int64_t i = 0; i < n; i++) {
            int64_t c = column + i;
            result[i] = dy[i] * factor[c] - (x[i] - center[c]) * shift[c] - plain[c];
          }
          store_block(w->n.type, result, w->result, at, n);
        }
    }
  }
}

static void forward_body(void *context, int64_t begin, int64_t end) { forward_pieces(context, begin, end); }
static void backward_body(void *context, int64_t begin, int64_t end) { backward_pieces(context, begin, end); }

/// Adds the pieces' share of a parameter's gradient in order.
static void collect(const normalizing *w, int which, float *to) {
  int64_t channels = w->n.channels;
  for (int64_t i = 0; i < channels; i++) {
    double total = 0;
    for (int64_t piece = 0; piece < w->pieces; piece++) total += w->scratch[(piece * ARRAYS + which) * channels + i];
    to[i] = (float)total;
  }
}

void kernels_normalize(
  const kernels_normalization *n, float epsilon, void *output, float *statistics, float *scratch) {
  PROFILED(2 * n->images * n->positions * n->channels * kernels_size(n->type));
  if (n->positions * n->channels == 0) return;
  normalizing w = {*n, epsilon, NULL, output, statistics, scratch, images_of_piece(n), piece_count(n)};
  kernels_parallel_for(w.pieces, 1, forward_body, &w);
}

void kernels_normalize_gradient(
  const kernels_normalization *n, const float *statistics, const void *output_gradient, void *input_gradient,
  float *scale_gradient, float *bias_gradient, float *scratch) {
  PROFILED(3 * n->images * n->positions * n->channels * kernels_size(n->type));
  if (n->positions * n->channels == 0) return;
  normalizing w = {*n, 0, output_gradient, input_gradient, (float *)statistics, scratch, images_of_piece(n),
                   piece_count(n)};
  kernels_parallel_for(w.pieces, 1, backward_body, &w);
  if (bias_gradient) collect(&w, BIAS_SUM, bias_gradient);
  if (scale_gradient) collect(&w, SCALE_SUM, scale_gradient);
}
