#include "kernels_private.h"

/// Places that are computed together, so that keys and values are loaded once for all of them, and lanes of a vector.
enum { QUERIES = 8, LANES = 16 };

typedef float vector __attribute__((vector_size(LANES * sizeof(float))));

// By address: how wide vectors are handed over by value depends on the instruction set, of which compilers warn.
INLINED void load(const float *source, vector *value) { memcpy(value, source, sizeof *value); }
INLINED void store(const vector *value, float *target) { memcpy(target, value, sizeof *value); }

INLINED int64_t padded(int64_t count) { return (count + LANES - 1) / LANES * LANES; }

/// `result[q][j] = sum over d of a[q][d] b[d][j]` for the first `count` vectors of j.
INLINED void scores_of(
  int rows, const float *restrict a, int64_t depth, const float *restrict b, int64_t stride, int64_t count,
  float *restrict result) {
  for (int64_t j = 0; j < count * LANES; j += LANES) {
    vector sums[QUERIES] = {0};
    for (int64_t d = 0; d < depth; d++) {
      vector other;
      load(b + d * stride + j, &other);
      for (int q = 0; q < rows; q++) sums[q] += a[q * depth + d] * other;
    }
    for (int q = 0; q < rows; q++) store(&sums[q], result + q * stride + j);
  }
}

/// `result[q][v] = sum over j < count of a[q][j] b[j][v]`; `width` is a number of whole vectors.
INLINED void weighted_sums(
  int rows, const float *restrict a, int64_t stride, int64_t count, const float *restrict b, int64_t width,
  float *restrict result) {
  for (int64_t v = 0; v < width; v += LANES) {
    vector sums[QUERIES] = {0};
    for (int64_t j = 0; j < count; j++) {
      vector other;
      load(b + j * width + v, &other);
      for (int q = 0; q < rows; q++) sums[q] += a[q * stride + j] * other;
    }
    for (int q = 0; q < rows; q++) store(&sums[q], result + q * width + v);
  }
}

/// `target[d][j] += sum over q of a[q][d] rows[q][j]` for the first `count` vectors of j.
INLINED void add_products(
  const float *restrict a, int64_t depth, const float *restrict rows, int64_t stride, int64_t count,
  float *restrict target) {
  for (int64_t j = 0; j < count * LANES; j += LANES) {
    vector row[QUERIES];
    for (int q = 0; q < QUERIES; q++) load(rows + q * stride + j, &row[q]);
    for (int64_t d = 0; d < depth; d++) {
      vector sum;
      load(target + d * stride + j, &sum);
      for (int q = 0; q < QUERIES; q++) sum += a[q * depth + d] * row[q];
      store(&sum, target + d * stride + j);
    }
  }
}

/// Turns the first `seen` of `count` vectors' scores into exp(score - shift), the others into zeros; their sum.
INLINED float exponentials(float *restrict scores, int64_t seen, int64_t count, float shift) {
  for (int64_t j = 0; j < count * LANES; j++) scores[j] = fast_exp(scores[j] - shift);
  for (int64_t j = seen; j < count * LANES; j++) scores[j] = 0;
  vector sums = {0};
  for (int64_t j = 0; j < count * LANES; j += LANES) {
    vector some;
    load(scores + j, &some);
    sums += some;
  }
  float sum = 0;
  for (int lane = 0; lane < LANES; lane++) sum += sums[lane];
  return sum;
}

/// Probabilities in place of the scores of `seen` places; the logarithm of what they were divided by, 0 where there is none.
INLINED float normalise(float *restrict scores, int64_t seen, int64_t count) {
  if (seen == 0) {
    memset(scores, 0, (size_t)(count * LANES) * sizeof(float));
    return 0;
  }
  float most = row_max(scores, seen);
  float sum = exponentials(scores, seen, count, most), share = 1.0f / sum;
  for (int64_t j = 0; j < count * LANES; j++) scores[j] *= share;
  return most + fast_log(sum);
}

/// The padded copies of one image's operands, and rows of scores.
typedef struct {
  int64_t places, keys, values;
  float *queries, *keys_across, *values_along, *scores, *results;
  // Of the way back alone.
  float *keys_along, *values_across, *slopes, *of_outputs, *of_keys, *of_values;
} workspace;

/// Cuts an image's memory into its parts; returns the number of floats that it took.
static int64_t cut(kernels_attention_shape s, int backwards, float *memory, workspace *w) {
  int64_t places = padded(s.places), keys = padded(s.key_size), values = padded(s.value_size), used = 0;
  *w = (workspace){.places = places, .keys = keys, .values = values};
#define PART(name, count) \
  w->name = memory == NULL ? NULL : memory + used; \
  used += (count)
  PART(queries, places * s.key_size);
  PART(keys_across, s.key_size * places);
  PART(scores, QUERIES * places);
  PART(results, QUERIES * (keys > values ? keys : values));
  if (!backwards) {
    PART(values_along, places * values);
  } else {
    PART(keys_along, places * keys);
    PART(values_across, s.value_size * places);
    PART(slopes, QUERIES * places);
    PART(of_outputs, places * s.value_size);
    PART(of_keys, s.key_size * places);
    PART(of_values, s.value_size * places);
  }
#undef PART
  return used;
}

int64_t kernels_attention_workspace(kernels_attention_shape shape, int backwards) {
  workspace w;
  return shape.images * cut(shape, backwards, NULL, &w);
}

/// `[places, size]` to `[size, padded places]`, zeros behind.
INLINED void turn(const float *restrict source, int64_t places, int64_t size, int64_t stride, float *restrict target) {
  for (int64_t d = 0; d < size; d++) {
    for (int64_t j = 0; j < places; j++) target[d * stride + j] = source[j * size + d];
    for (int64_t j = places; j < stride; j++) target[d * stride + j] = 0;
  }
}

/// The way back from `turn`.
INLINED void turn_back(const float *restrict source, int64_t places, int64_t size, int64_t stride, float *restrict target) {
  for (int64_t j = 0; j < places; j++)
    for (int64_t d = 0; d < size; d++) target[j * size + d] = source[d * stride + j];
}

/// `[places, size]` to `[padded places, width]`, scaled, zeros to the right and below.
INLINED void widen(
  const float *restrict source, int64_t places, int64_t size, int64_t rows, int64_t width, float scale,
  float *restrict target) {
  memset(target, 0, (size_t)(rows * width) * sizeof(float));
  for (int64_t j = 0; j < places; j++)
    for (int64_t d = 0; d < size; d++) target[j * width + d] = scale * source[j * size + d];
}

typedef struct {
  kernels_attention_shape shape;
  float scale;
  const float *queries, *keys, *values, *given_outputs, *given_log_sums, *of_outputs;
  float *memory, *outputs, *log_sums, *of_queries, *of_keys, *of_values;
} attention;

CLONES static void forward_image(const attention *a, int64_t image) {
  const kernels_attention_shape s = a->shape;
  int64_t key_start = image * s.places * s.key_size, value_start = image * s.places * s.value_size;
  workspace w;
  int64_t size = cut(s, 0, NULL, &w);
  cut(s, 0, a->memory + image * size, &w);
  widen(a->queries + key_start, s.places, s.key_size, w.places, s.key_size, a->scale, w.queries);
  turn(a->keys + key_start, s.places, s.key_size, w.places, w.keys_across);
  widen(a->values + value_start, s.places, s.value_size, w.places, w.values, 1, w.values_along);
  for (int64_t first = 0; first < s.places; first += QUERIES) {
    int64_t seen = first + QUERIES - 1, count = padded(seen) / LANES;
    scores_of(QUERIES, w.queries + first * s.key_size, s.key_size, w.keys_across, w.places, count, w.scores);
    for (int64_t q = 0; q < QUERIES; q++) {
      float log_sum = normalise(w.scores + q * w.places, first + q, count);
      if (first + q < s.places) a->log_sums[image * s.places + first + q] = log_sum;
    }
    weighted_sums(QUERIES, w.scores, w.places, seen, w.values_along, w.values, w.results);
    for (int64_t q = 0; q < QUERIES && first + q < s.places; q++)
      memcpy(
        a->outputs + value_start + (first + q) * s.value_size, w.results + q * w.values,
        (size_t)s.value_size * sizeof(float));
  }
}

CLONES static void backward_image(const attention *a, int64_t image) {
  const kernels_attention_shape s = a->shape;
  int64_t key_start = image * s.places * s.key_size, value_start = image * s.places * s.value_size;
  const float *outputs = a->given_outputs + value_start, *of_outputs = a->of_outputs + value_start;
  workspace w;
  int64_t size = cut(s, 1, NULL, &w);
  cut(s, 1, a->memory + image * size, &w);
  widen(a->queries + key_start, s.places, s.key_size, w.places, s.key_size, a->scale, w.queries);
  widen(of_outputs, s.places, s.value_size, w.places, s.value_size, 1, w.of_outputs);
  turn(a->keys + key_start, s.places, s.key_size, w.places, w.keys_across);
  widen(a->keys + key_start, s.places, s.key_size, w.places, w.keys, 1, w.keys_along);
  turn(a->values + value_start, s.places, s.value_size, w.places, w.values_across);
  memset(w.of_keys, 0, (size_t)(s.key_size * w.places) * sizeof(float));
  memset(w.of_values, 0, (size_t)(s.value_size * w.places) * sizeof(float));
  for (int64_t first = 0; first < s.places; first += QUERIES) {
    int64_t seen = first + QUERIES - 1, count = padded(seen) / LANES;
    const float *queries = w.queries + first * s.key_size, *slopes = w.of_outputs + first * s.value_size;
    scores_of(QUERIES, queries, s.key_size, w.keys_across, w.places, count, w.scores);
    scores_of(QUERIES, slopes, s.value_size, w.values_across, w.places, count, w.slopes);
    for (int64_t q = 0; q < QUERIES; q++) {
      int64_t place = first + q;
      float *restrict scores = w.scores + q * w.places, *restrict slope = w.slopes + q * w.places;
      float mean = 0, log_sum = 0;
      if (place < s.places) {
        log_sum = a->given_log_sums[image * s.places + place];
        for (int64_t v = 0; v < s.value_size; v++)
          mean += of_outputs[place * s.value_size + v] * outputs[place * s.value_size + v];
      }
      exponentials(scores, place, count, log_sum);
      for (int64_t j = 0; j < count * LANES; j++) slope[j] = scores[j] * (slope[j] - mean);
    }
    add_products(slopes, s.value_size, w.scores, w.places, count, w.of_values);
    add_products(queries, s.key_size, w.slopes, w.places, count, w.of_keys);
    weighted_sums(QUERIES, w.slopes, w.places, seen, w.keys_along, w.keys, w.results);
    for (int64_t q = 0; q < QUERIES && first + q < s.places; q++)
      for (int64_t d = 0; d < s.key_size; d++)
        a->of_queries[key_start + (first + q) * s.key_size + d] = a->scale * w.results[q * w.keys + d];
  }
  turn_back(w.of_keys, s.places, s.key_size, w.places, a->of_keys + key_start);
  turn_back(w.of_values, s.places, s.value_size, w.places, a->of_values + value_start);
}

static void forward_images(void *context, int64_t begin, int64_t end) {
  for (int64_t image = begin; image < end; image++) forward_image(context, image);
}

static void backward_images(void *context, int64_t begin, int64_t end) {
  for (int64_t image = begin; image < end; image++) backward_image(context, image);
}

void kernels_attention_forward(
  kernels_attention_shape shape, float scale, const float *queries, const float *keys, const float *values,
  float *memory, float *outputs, float *log_sums) {
  attention a = {
    .shape = shape, .scale = scale, .queries = queries, .keys = keys, .values = values, .memory = memory,
    .outputs = outputs, .log_sums = log_sums};
  kernels_parallel_for(shape.images, 1, forward_images, &a);
}

void kernels_attention_backward(
  kernels_attention_shape shape, float scale, const float *queries, const float *keys, const float *values,
  const float *outputs, const float *log_sums, const float *of_outputs, float *memory, float *of_queries,
  float *of_keys, float *of_values) {
  attention a = {
    .shape = shape, .scale = scale, .queries = queries, .keys = keys, .values = values, .memory = memory,
    .given_outputs = outputs, .given_log_sums = log_sums, .of_outputs = of_outputs, .of_queries = of_queries,
    .of_keys = of_keys, .of_values = of_values};
  kernels_parallel_for(shape.images, 1, backward_images, &a);
}

CLONES void kernels_attention_step(
  kernels_attention_shape s, float scale, int64_t seen, const float *queries, const float *keys,
  const float *values, float *scores, float *outputs) {
  int64_t count = padded(seen) / LANES;
  for (int64_t image = 0; image < s.images; image++) {
    scores_of(
      1, queries + image * s.key_size, s.key_size, keys + image * s.key_size * s.places, s.places, count, scores);
    for (int64_t j = 0; j < count * LANES; j++) scores[j] *= scale;
    normalise(scores, seen, count);
    weighted_sums(
      1, scores, s.places, seen, values + image * s.places * s.value_size, s.value_size,
      outputs + image * s.value_size);
  }
}
