/// CKernels' functions of whole tensors, elementwise and along axes, against libm and naive loops.
#include "CKernels.h"
#include "kernels_check.h"

static const char *name(const char *kernel, int number) {
  static char text[64];
  snprintf(text, sizeof text, "%s %d", kernel, number);
  return text;
}

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

/// A function of one value and its derivative, p = 0.5 and q = 1.5.
static void exact_unary(kernels_unary_function function, double x, double *y, double *slope) {
  const double p = 0.5, q = 1.5, s = sigmoid(x);
  switch (function) {
    case KERNELS_AFFINE: *y = p * x + q, *slope = p; return;
    case KERNELS_RECIPROCAL: *y = p / x, *slope = -p / (x * x); return;
    case KERNELS_EXP: *y = *slope = exp(x); return;
    case KERNELS_LOG: *y = log(x), *slope = 1 / x; return;
    case KERNELS_SQUARE: *y = x * x, *slope = 2 * x; return;
    case KERNELS_SQUARE_ROOT: *y = sqrt(x), *slope = 0.5 / sqrt(x); return;
    case KERNELS_ABSOLUTE: *y = fabs(x), *slope = (x > 0) - (x < 0); return;
    case KERNELS_CLAMP: *y = fmin(fmax(x, p), q), *slope = x >= p && x <= q; return;
    case KERNELS_TANH: *y = tanh(x), *slope = 1 - *y * *y; return;
    case KERNELS_SIGMOID: *y = s, *slope = s * (1 - s); return;
    case KERNELS_SOFTPLUS: *y = fmax(x, 0) + log1p(exp(-fabs(x))), *slope = s; return;
    case KERNELS_RELU: *y = x > 0 ? x : p * x, *slope = x > 0 ? 1 : p; return;
    case KERNELS_ELU: *y = x > 0 ? x : p * expm1(x), *slope = x > 0 ? 1 : p * exp(x); return;
    case KERNELS_SILU: *y = x * s, *slope = s * (1 + x * (1 - s)); return;
  }
}

static void test_unary(kernels_type type, int64_t count) {
  double *y = malloc((size_t)count * 8), *slopes = malloc((size_t)count * 8);
  for (int f = KERNELS_AFFINE; f <= KERNELS_SILU; f++) {
    bool positive = f == KERNELS_LOG || f == KERNELS_SQUARE_ROOT || f == KERNELS_RECIPROCAL;
    float *values = malloc((size_t)count * 4);
    for (int64_t i = 0; i < count; i++)
      values[i] = positive ? fabsf(random_value()) * 30 + 0.01f : random_value() * 30;
    void *x = as_type(type, values, count), *d = random_array(type, count, 1);
    void *output = result_array(type, count), *gradient = result_array(type, count);
    kernels_unary(f, 0.5f, 1.5f, type, x, output, count);
    kernels_unary_gradient(f, 0.5f, 1.5f, type, x, d, gradient, count);
    for (int64_t i = 0; i < count; i++) {
      exact_unary(f, at(type, x, i), &y[i], &slopes[i]);
      slopes[i] *= at(type, d, i);
    }
    agrees(type, output, y, count, 16, name("function", f));
    agrees(type, gradient, slopes, count, 32, name("gradient of function", f));
    free(values);
    free(x);
    free(d);
    free(output);
    free(gradient);
  }
  free(y);
  free(slopes);
}

static double exact_binary(kernels_binary_function function, double a, double b) {
  switch (function) {
    case KERNELS_ADD: return a + b;
    case KERNELS_SUBTRACT: return a - b;
    case KERNELS_MULTIPLY: return a * b;
    case KERNELS_DIVIDE: return a / b;
    case KERNELS_MAXIMUM: return fmax(a, b);
    case KERNELS_MINIMUM: return fmin(a, b);
    case KERNELS_LESS: return a < b;
    case KERNELS_LESS_OR_EQUAL: return a <= b;
    case KERNELS_EQUAL: return a == b;
    case KERNELS_KEEP: return b != 0 ? a : 0;
  }
  return NAN;
}

/// A dense [sizes] tensor seen with some axes broadcast, some flipped, in a permuted order.
static kernels_view random_view(kernels_type type, const int64_t sizes[3]) {
  kernels_view view = {.type = type};
  int64_t stride[3], total = 1;
  int order[3] = {0, 1, 2};
  for (int i = 2; i > 0; i--) {
    int other = (int)random_integer(0, i), held = order[i];
    order[i] = order[other], order[other] = held;
  }
  for (int i = 2; i >= 0; i--) {
    int axis = order[i];
    bool broadcast = random_integer(0, 3) == 0, flipped = random_integer(0, 3) == 0;
    stride[axis] = broadcast ? 0 : flipped ? -total : total;
    if (flipped && !broadcast) view.layout.offset += (sizes[axis] - 1) * total;
    if (!broadcast) total *= sizes[axis];
  }
  for (int axis = 0; axis < 3; axis++) kernels_layout_append(&view.layout, sizes[axis], stride[axis]);
  float *values = malloc((size_t)total * 4);
  // Small integers: equal ones meet, and bfloat16 holds every sum and product exactly.
  for (int64_t i = 0; i < total; i++) values[i] = (float)random_integer(-8, 8);
  view.data = as_type(type, values, total);
  free(values);
  return view;
}

static double through(const kernels_view *view, int64_t i) {
  int64_t place = view->layout.offset;
  for (int axis = view->layout.rank - 1; axis >= 0; axis--) {
    place += i % view->layout.sizes[axis] * view->layout.strides[axis];
    i /= view->layout.sizes[axis];
  }
  return at(view->type, view->data, place);
}

static void test_views(kernels_type type, const int64_t sizes[3]) {
  int64_t count = sizes[0] * sizes[1] * sizes[2];
  double *expected = malloc((size_t)count * 8);
  for (int f = KERNELS_ADD; f <= KERNELS_KEEP; f++) {
    kernels_view left = random_view(type, sizes), right = random_view(1 - type, sizes);
    void *output = result_array(type, count);
    kernels_binary(f, left, right, type, output, count);
    for (int64_t i = 0; i < count; i++)
      expected[i] = exact_binary(f, through(&left, i), through(&right, i));
    agrees(type, output, expected, count, 2, name("binary function", f));
    kernels_gather(left, type, output, count);
    for (int64_t i = 0; i < count; i++) expected[i] = through(&left, i);
    agrees(type, output, expected, count, 0, "gather");
    free(output);
    free((void *)(uintptr_t)left.data);
    free((void *)(uintptr_t)right.data);
  }
  free(expected);
}

static void test_axis(kernels_type type, int64_t outer, int64_t size, int64_t inner) {
  int64_t inputs = outer * size * inner, outputs = outer * inner;
  void *input = random_array(type, inputs, 9), *gradient = result_array(type, inputs);
  void *output = result_array(type, outputs), *slope = random_array(type, outputs, 1);
  float *logs = result_array(KERNELS_FLOAT32, outputs);
  float *log_slope = random_array(KERNELS_FLOAT32, outputs, 1);
  int32_t *places = guarded((size_t)outputs * 4);
  float *scratch = guarded((size_t)kernels_sum_scratch(outer, size, inner) * 4);
  double *sums = calloc((size_t)outputs, 8), *most = malloc((size_t)outputs * 8);
  double *log_sums = calloc((size_t)outputs, 8);
  double *slopes = calloc((size_t)inputs, 8), *log_slopes = calloc((size_t)inputs, 8);
  kernels_sum(type, input, outer, size, inner, 0.25f, KERNELS_FLOAT32, logs, scratch);
  kernels_max(type, input, outer, size, inner, output, places);
  bool first = true;
  for (int64_t o = 0; o < outputs; o++) {
    int64_t start = o / inner * size * inner + o % inner, place = 0;
    most[o] = at(type, input, start);
    for (int64_t s = 0; s < size; s++) {
      double x = at(type, input, start + s * inner);
      if (x > most[o]) most[o] = x, place = s;
      sums[o] += 0.25 * x;
    }
    first = first && places[o] == place;
    for (int64_t s = 0; s < size; s++) log_sums[o] += exp(at(type, input, start + s * inner) - most[o]);
    log_sums[o] = most[o] + log(log_sums[o]);
    slopes[start + place * inner] = at(type, slope, o);
    for (int64_t s = 0; s < size; s++)
      log_slopes[start + s * inner] =
        exp(at(type, input, start + s * inner) - log_sums[o]) * log_slope[o];
  }
  agrees(KERNELS_FLOAT32, logs, sums, outputs, 64 + (double)size, "sum");
  agrees(type, output, most, outputs, 0, "largest");
  check(first && guard_holds(places, (size_t)outputs * 4), "places of the largest");
  check(
    guard_holds(scratch, (size_t)kernels_sum_scratch(outer, size, inner) * 4), "the sum's scratch");
  kernels_max_gradient(type, places, slope, outer, size, inner, gradient);
  agrees(type, gradient, slopes, inputs, 0, "gradient of the largest");
  kernels_log_sum_exp(type, input, outer, size, inner, logs);
  agrees(KERNELS_FLOAT32, logs, log_sums, outputs, 64, "log-sum-exp");
  kernels_log_sum_exp_gradient(type, input, logs, log_slope, outer, size, inner, gradient);
  agrees(type, gradient, log_slopes, inputs, 64, "gradient of log-sum-exp");
  void *all[] = {input, gradient, output, slope, logs, log_slope, places, scratch, sums, most,
                 log_sums, slopes, log_slopes};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

static void test_softmax(kernels_type type, int64_t rows, int64_t size) {
  int64_t count = rows * size;
  void *input = random_array(type, count, 9), *d = random_array(type, count, 1);
  void *output = result_array(type, count), *gradient = result_array(type, count);
  float *losses = result_array(KERNELS_FLOAT32, rows), *logs = result_array(KERNELS_FLOAT32, rows);
  float *loss_slope = random_array(KERNELS_FLOAT32, rows, 1);
  int32_t *targets = guarded((size_t)rows * 4);
  double *p = malloc((size_t)count * 8), *log_p = malloc((size_t)count * 8);
  double *slopes = malloc((size_t)count * 8), *loss = malloc((size_t)rows * 8);
  for (int64_t r = 0; r < rows; r++) {
    double sum = 0;
    for (int64_t i = 0; i < size; i++) sum += exp(at(type, input, r * size + i));
    for (int64_t i = 0; i < size; i++) {
      log_p[r * size + i] = at(type, input, r * size + i) - log(sum);
      p[r * size + i] = exp(log_p[r * size + i]);
    }
    targets[r] = (int32_t)random_integer(0, size - 1);
    loss[r] = -log_p[r * size + targets[r]];
  }
  for (int f = KERNELS_SOFTMAX; f <= KERNELS_LOG_SOFTMAX; f++) {
    kernels_softmax(f, type, input, rows, size, output);
    agrees(type, output, f == KERNELS_SOFTMAX ? p : log_p, count, 64, name("softmax", f));
    kernels_softmax_gradient(f, type, output, d, rows, size, gradient);
    for (int64_t r = 0; r < rows; r++) {
      double dot = 0;
      // From the outputs as they were stored: that is what the kernel is given.
      for (int64_t i = r * size; i < (r + 1) * size; i++)
        dot += at(type, d, i) * (f == KERNELS_SOFTMAX ? at(type, output, i) : 1);
      for (int64_t i = r * size; i < (r + 1) * size; i++) {
        double y = at(type, output, i);
        slopes[i] = f == KERNELS_SOFTMAX ? y * (at(type, d, i) - dot) : at(type, d, i) - exp(y) * dot;
      }
    }
    agrees(type, gradient, slopes, count, 64 + (double)size, name("gradient of softmax", f));
  }
  kernels_softmax_cross_entropy(type, input, targets, rows, size, losses, logs);
  agrees(KERNELS_FLOAT32, losses, loss, rows, 128, "cross-entropy");
  kernels_softmax_cross_entropy_gradient(
    type, input, targets, logs, loss_slope, rows, size, gradient);
  for (int64_t i = 0; i < count; i++)
    slopes[i] = (p[i] - (targets[i / size] == i % size)) * loss_slope[i / size];
  agrees(type, gradient, slopes, count, 64, "gradient of cross-entropy");
  void *shares = as_type(type, losses, rows);
  for (int64_t i = 0; i < rows; i++) {
    double x = at(type, input, i), t = at(type, shares, i);
    loss[i] = fmax(x, 0) + log1p(exp(-fabs(x))) - x * t;
    slopes[i] = (sigmoid(x) - t) * loss_slope[i];
  }
  kernels_sigmoid_cross_entropy(type, input, type, shares, rows, losses);
  agrees(KERNELS_FLOAT32, losses, loss, rows, 512, "sigmoid cross-entropy");
  kernels_sigmoid_cross_entropy_gradient(type, input, type, shares, loss_slope, rows, gradient);
  for (int64_t i = rows; i < count; i++) slopes[i] = at(type, gradient, i);
  agrees(type, gradient, slopes, count, 64, "gradient of sigmoid cross-entropy");
  void *all[] = {input, d, output, gradient, losses, logs, loss_slope, targets, p, log_p, slopes,
                 loss, shares};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

static void test_normalize(
  kernels_type type, int64_t images, int64_t positions, int64_t channels, int64_t groups) {
  const double epsilon = 1e-3f;
  int64_t count = images * positions * channels, members = channels / groups;
  void *input = random_array(type, count, 3), *d = random_array(type, count, 1);
  float *scale = random_array(KERNELS_FLOAT32, channels, 2);
  float *bias = random_array(KERNELS_FLOAT32, channels, 2);
  kernels_normalization n = {type, input, images, positions, channels, groups, scale, bias};
  size_t scratch_size = (size_t)kernels_normalize_scratch(&n) * 4;
  float *scratch = guarded(scratch_size), *statistics = result_array(KERNELS_FLOAT32, images * groups * 2);
  void *output = result_array(type, count), *gradient = result_array(type, count);
  float *scale_gradient = result_array(KERNELS_FLOAT32, channels);
  float *bias_gradient = result_array(KERNELS_FLOAT32, channels);
  double *y = malloc((size_t)count * 8), *slopes = malloc((size_t)count * 8);
  double *by_scale = calloc((size_t)channels, 8), *by_bias = calloc((size_t)channels, 8);
  for (int64_t image = 0; image < images; image++)
    for (int64_t group = 0; group < groups; group++) {
      double mean = 0, variance = 0, size = (double)(positions * members), sum = 0, dot = 0;
      int64_t start = image * positions * channels + group * members;
#define EACH(i, c) \
  for (int64_t position = 0; position < positions; position++) \
    for (int64_t i = start + position * channels, c = group * members; c < (group + 1) * members; i++, c++)
      EACH(i, c) mean += at(type, input, i) / size;
      EACH(i, c) variance += pow(at(type, input, i) - mean, 2) / size;
      double reciprocal = 1 / sqrt(variance + epsilon);
      EACH(i, c) {
        double x = (at(type, input, i) - mean) * reciprocal, dx = at(type, d, i) * scale[c];
        y[i] = x * scale[c] + bias[c];
        by_scale[c] += x * at(type, d, i);
        by_bias[c] += at(type, d, i);
        sum += dx / size;
        dot += dx * x / size;
      }
      EACH(i, c) {
        double x = (at(type, input, i) - mean) * reciprocal;
        slopes[i] = reciprocal * (at(type, d, i) * scale[c] - sum - x * dot);
      }
    }
  kernels_normalize(&n, (float)epsilon, output, statistics, scratch);
  agrees(type, output, y, count, 256, "normalisation");
  kernels_normalize_gradient(&n, statistics, d, gradient, scale_gradient, bias_gradient, scratch);
  agrees(type, gradient, slopes, count, 1024, "gradient of normalisation");
  agrees(KERNELS_FLOAT32, scale_gradient, by_scale, channels, 1024, "gradient of its scale");
  agrees(KERNELS_FLOAT32, bias_gradient, by_bias, channels, 1024, "gradient of its bias");
  check(
    guard_holds(scratch, scratch_size)
      && guard_holds(statistics, (size_t)(images * groups * 2) * 4),
    "normalisation stays in its scratch");
  void *all[] = {input, d, scale, bias, scratch, statistics, output, gradient, scale_gradient,
                 bias_gradient, y, slopes, by_scale, by_bias};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

static void test_addressed(kernels_type type) {
  // Dropout: element i goes by word i of its stream.
  enum { COUNT = 5003, SIZE = 7, ROWS = 300, TABLE = 11 };
  void *input = random_array(type, COUNT, 1), *output = result_array(type, COUNT);
  double *expected = malloc(COUNT * 8);
  kernels_dropout(1ull << 40 | 5, 6, 1ull << 33 | 7, 0.25, type, input, output, COUNT);
  for (uint32_t i = 0; i < COUNT; i++) {
    uint32_t counter[] = {i / 4, 6, 7, 2}, key[] = {5, 1 << 8}, words[4];
    kernels_philox(counter, key, words);
    expected[i] = words[i % 4] >= 0x40000000u ? at(type, input, i) / 0.75 : 0;
  }
  agrees(type, output, expected, COUNT, 2, "dropout");
  // Embedding: some rows are never asked for, some many times.
  int32_t *indices = guarded(ROWS * 4);
  float *table_gradient = result_array(KERNELS_FLOAT32, TABLE * SIZE);
  memset(table_gradient, 0, TABLE * SIZE * 4);
  memset(expected, 0, TABLE * SIZE * 8);
  for (int i = 0; i < ROWS; i++) indices[i] = (int32_t)random_integer(0, TABLE - 2);
  for (int i = 0; i < ROWS * SIZE; i++)
    expected[indices[i / SIZE] * SIZE + i % SIZE] += at(type, input, i);
  kernels_embedding_gradient(type, input, indices, ROWS, SIZE, table_gradient);
  agrees(KERNELS_FLOAT32, table_gradient, expected, TABLE * SIZE, 64, "gradient of embedding");
  kernels_embedding(type, input, indices, ROWS, SIZE, output);
  for (int i = 0; i < ROWS * SIZE; i++)
    expected[i] = at(type, input, indices[i / SIZE] * SIZE + i % SIZE);
  for (int i = ROWS * SIZE; i < COUNT; i++) expected[i] = at(type, output, i);
  agrees(type, output, expected, COUNT, 0, "embedding");
  // Sums of rows: more columns than stay in registers, and a last run that is not full.
  if (type == KERNELS_FLOAT32) {
    enum { WIDE = 150, RUNS = 33 };
    double *sums = guarded(WIDE * 8);
    kernels_embedding_sum(input, indices, RUNS, WIDE, sums);
    for (int j = 0; j < WIDE; j++) {
      double sum = 0, size = 0;
      for (int i = 0; i < RUNS; i++) {
        sum += at(type, input, indices[i] * WIDE + j);
        size += fabs(at(type, input, indices[i] * WIDE + j));
      }
      check(fabs(sums[j] - sum) <= 1e-6 * size, "sum of rows, column %d: %g, not %g", j, sums[j], sum);
    }
    free(sums);
  }
  // Rows of bytes, apart in the result; then zeros in their place.
  size_t row = 5 * width(type), pitch = 9 * width(type);
  kernels_copy_rows(input, (int64_t)row, output, (int64_t)pitch, (int64_t)row, 100);
  for (int i = 0; i < 900; i++)
    if (i % 9 < 5) expected[i] = at(type, input, i / 9 * 5 + i % 9);
  agrees(type, output, expected, COUNT, 0, "rows copied");
  kernels_copy_rows(NULL, 0, output, (int64_t)pitch, (int64_t)row, 100);
  for (int i = 0; i < 900; i++)
    if (i % 9 < 5) expected[i] = 0;
  agrees(type, output, expected, COUNT, 0, "rows of zeros");
  void *all[] = {input, output, expected, indices, table_gradient};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

/// The probabilities of all pixels add up to 1, and the gradient is the slope of the loss.
static void test_mixture(int64_t channels, int64_t mixtures, int64_t levels, bool is_relative) {
  int64_t size = mixtures * (channels == 1 ? 3 : 10);
  int64_t pixels = channels == 1 ? levels : levels * levels * levels;
  float *one = random_array(KERNELS_FLOAT32, size, 1);
  float *start = is_relative ? random_array(KERNELS_FLOAT32, size, 1) : NULL;
  float *parameters = guarded((size_t)(pixels * size) * 4);
  float *targets = guarded((size_t)(pixels * channels) * 4);
  float *values = result_array(KERNELS_FLOAT32, pixels);
  float *gradient = result_array(KERNELS_FLOAT32, pixels * size);
  for (int64_t i = 0; i < pixels; i++) {
    memcpy(parameters + i * size, one, (size_t)size * 4);
    for (int64_t c = 0, rest = i; c < channels; c++, rest /= levels)
      targets[i * channels + c] = (float)(rest % levels);
  }
  kernels_logistic_mixture(parameters, targets, start, values, gradient, pixels, channels, mixtures, levels);
  double sum = 0;
  for (int64_t i = 0; i < pixels; i++) sum += exp(-values[i]);
  check(
    fabs(sum - 1) < 1e-4, "%d channels, %d mixtures: probabilities add up to %g", (int)channels,
    (int)mixtures, sum);
  check(
    guard_holds(values, (size_t)pixels * 4) && guard_holds(gradient, (size_t)(pixels * size) * 4),
    "the mixture stays in its memory");
  double worst = 0;
  for (int64_t j = 0; j < size; j++) {
    const float step = 0x1p-7f;
    int64_t pixel = random_integer(0, pixels - 1);
    float side[2];
    for (int s = 0; s < 2; s++) {
      float held = one[j];
      one[j] += s ? step : -step;
      kernels_logistic_mixture(
        one, targets + pixel * channels, start, &side[s], NULL, 1, channels, mixtures, levels);
      one[j] = held;
    }
    double slope = (side[1] - side[0]) / (2.0 * step);
    double error = fabs(gradient[pixel * size + j] - slope);
    if (!(error <= worst)) worst = error;
  }
  check(worst < 2.5e-3, "gradient of the mixture is off by %g", worst);
  void *all[] = {one, start, parameters, targets, values, gradient};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

int main(void) {
  static const int64_t sizes[][3] = {{1, 1, 1}, {3, 5, 7}, {2, 1, 1500}, {40, 50, 33}, {5000, 3, 1}};
  for (int threads = 1; threads <= 3; threads += 2) {
    kernels_set_threads(threads);
    for (int type = KERNELS_FLOAT32; type <= KERNELS_BFLOAT16; type++) {
      test_unary(type, 1);
      test_unary(type, 70001);
      for (int i = 0; i < 5; i++) {
        test_views(type, sizes[i]);
        test_axis(type, sizes[i][0], sizes[i][1], sizes[i][2]);
        test_softmax(type, sizes[i][0] * sizes[i][1], sizes[i][2]);
      }
      test_softmax(type, 3, 257);
      test_axis(type, 1, 60000, 3);
      test_normalize(type, 3, 1, 64, 1);
      test_normalize(type, 2, 49, 48, 4);
      test_normalize(type, 5, 300, 6, 6);
      test_normalize(type, 40, 64, 32, 1);
      test_addressed(type);
    }
    for (int is_relative = 0; is_relative < 2; is_relative++) {
      test_mixture(1, 1, 2, is_relative);
      test_mixture(1, 10, 256, is_relative);
      test_mixture(3, 4, 6, is_relative);
    }
  }
  return finish();
}
