/// Every plan of COneDNN against naive loops in float64.
#include <pthread.h>

#include "COneDNN.h"
#include "check.h"

extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_get_max_threads(void);
extern void omp_set_num_threads(int);

/// Values as float64 beside the same values as a plan reads or writes them.
typedef struct {
  onednn_type type;
  int64_t count;
  size_t size;
  double *values;
  void *stored;
} array;

static double load(const array *a, int64_t i) {
  return a->type == ONEDNN_BFLOAT16 ? from_bfloat16(((uint16_t *)a->stored)[i])
                                    : ((float *)a->stored)[i];
}

static void store(array *a, int64_t i, float value) {
  if (a->type == ONEDNN_BFLOAT16)
    ((uint16_t *)a->stored)[i] = to_bfloat16(value);
  else
    ((float *)a->stored)[i] = value;
}

static array make_array(onednn_type type, int64_t count) {
  size_t size = (size_t)count * (type == ONEDNN_BFLOAT16 ? 2 : 4);
  array a = {type, count, size, malloc((size_t)count * 8), guarded(size)};
  for (int64_t i = 0; i < count; i++) {
    store(&a, i, random_value());
    a.values[i] = load(&a, i);
  }
  return a;
}

static void free_array(array *a) {
  free(a->values);
  free(a->stored);
}

/// What a plan left in `actual` against `expected`; `magnitude` is the sum of the terms' sizes.
static bool agrees(const array *actual, const double *expected, const double *magnitude) {
  double rounding = actual->type == ONEDNN_BFLOAT16 ? 0x1p-8 : 0x1p-23;
  bool all = guard_holds(actual->stored, actual->size);
  for (int64_t i = 0; i < actual->count && all; i++) {
    double difference = fabs(load(actual, i) - expected[i]);
    // Written so that a NaN does not agree.
    all = difference <= 1e-5 * magnitude[i] + rounding * fabs(expected[i]);
  }
  return all;
}

// Convolution

typedef enum { FORWARD, BACKWARD_DATA, BACKWARD_WEIGHTS } direction;

/// Adds each product that the convolution is made of, in the given direction, to `sum`.
static void naive_convolution(
  direction way, const onednn_convolution *s, const double *input, const double *weights,
  const double *output, double *sum, double *magnitude) {
  for (int64_t n = 0; n < s->batch; n++)
    for (int64_t oy = 0; oy < s->output_height; oy++)
      for (int64_t ox = 0; ox < s->output_width; ox++)
        for (int64_t ky = 0; ky < s->kernel_height; ky++)
          for (int64_t kx = 0; kx < s->kernel_width; kx++) {
            int64_t y = oy * s->stride_height + ky * s->dilation_height - s->padding_top;
            int64_t x = ox * s->stride_width + kx * s->dilation_width - s->padding_left;
            if (y < 0 || y >= s->input_height || x < 0 || x >= s->input_width) continue;
            int64_t at_input = ((n * s->input_height + y) * s->input_width + x) * s->input_channels;
            int64_t at_output =
              ((n * s->output_height + oy) * s->output_width + ox) * s->output_channels;
            for (int64_t o = 0; o < s->output_channels; o++)
              for (int64_t i = 0; i < s->input_channels; i++) {
                int64_t w =
                  ((o * s->input_channels + i) * s->kernel_height + ky) * s->kernel_width + kx;
                int64_t to = way == FORWARD         ? at_output + o
                             : way == BACKWARD_DATA ? at_input + i
                                                    : w;
                double term = way == FORWARD         ? input[at_input + i] * weights[w]
                              : way == BACKWARD_DATA ? output[at_output + o] * weights[w]
                                                     : input[at_input + i] * output[at_output + o];
                sum[to] += term;
                magnitude[to] += fabs(term);
              }
          }
}

static const char *describe(const onednn_convolution *s, onednn_type type) {
  static char text[256];
  snprintf(
    text, sizeof text,
    "%s batch %d, %dx%dx%d to %dx%dx%d, kernel %dx%d, stride %d %d, dilation %d %d, top %d, left %d",
    type ? "bfloat16" : "float32", (int)s->batch, (int)s->input_height, (int)s->input_width,
    (int)s->input_channels, (int)s->output_height, (int)s->output_width, (int)s->output_channels,
    (int)s->kernel_height, (int)s->kernel_width, (int)s->stride_height, (int)s->stride_width,
    (int)s->dilation_height, (int)s->dilation_width, (int)s->padding_top, (int)s->padding_left);
  return text;
}

static void *packed_weights(onednn_plan *plan, const array *weights) {
  void *packed = guarded(onednn_plan_packed_size(plan));
  check(onednn_plan_pack(plan, weights->stored, packed) == 0, "pack: %s", onednn_last_error());
  check(guard_holds(packed, onednn_plan_packed_size(plan)), "pack wrote past its size");
  return packed;
}

static void test_forward(
  const onednn_convolution *s, onednn_type type, const array *input, const array *weights,
  const double *rounded, int64_t outputs, bool bias, bool accumulate) {
  array output = make_array(type, outputs), offsets = make_array(ONEDNN_FLOAT32, s->output_channels);
  double *sum = calloc((size_t)outputs, 8), *magnitude = calloc((size_t)outputs, 8);
  naive_convolution(FORWARD, s, input->values, rounded, NULL, sum, magnitude);
  for (int64_t i = 0; i < outputs; i++) {
    if (bias) sum[i] += offsets.values[i % s->output_channels];
    if (accumulate) sum[i] += output.values[i];
    if (!accumulate) store(&output, i, NAN);
    magnitude[i] += 2;
  }
  onednn_plan *plan;
  if (onednn_convolution_forward(&plan, s, type, bias, accumulate, 0)) {
    check(false, "forward, %s: %s", describe(s, type), onednn_last_error());
  } else {
    void *packed = packed_weights(plan, weights);
    // A second run finds the plan's own memory as the first left it.
    for (int i = 0; i < (accumulate ? 1 : 2); i++)
      check(
        onednn_plan_run(plan, input->stored, packed, offsets.stored, output.stored) == 0
          && agrees(&output, sum, magnitude),
        "forward, %s, bias %d, accumulate %d", describe(s, type), bias, accumulate);
    onednn_plan_free(plan);
    free(packed);
  }
  free_array(&output);
  free_array(&offsets);
  free(sum);
  free(magnitude);
}

static void test_backward_data(
  const onednn_convolution *s, onednn_type type, const array *output, const array *weights,
  const double *rounded, int64_t inputs) {
  array input = make_array(type, inputs);
  double *sum = calloc((size_t)inputs, 8), *magnitude = calloc((size_t)inputs, 8);
  naive_convolution(BACKWARD_DATA, s, NULL, rounded, output->values, sum, magnitude);
  onednn_plan *plan;
  if (onednn_convolution_backward_data(&plan, s, type, 0)) {
    check(false, "backward data, %s: %s", describe(s, type), onednn_last_error());
  } else {
    void *packed = packed_weights(plan, weights);
    for (int i = 0; i < 2; i++) {
      for (int64_t j = 0; j < inputs; j++) store(&input, j, NAN);
      check(
        onednn_plan_run(plan, output->stored, packed, NULL, input.stored) == 0
          && agrees(&input, sum, magnitude),
        "backward data, %s", describe(s, type));
    }
    onednn_plan_free(plan);
    free(packed);
  }
  free_array(&input);
  free(sum);
  free(magnitude);
}

static void test_backward_weights(
  const onednn_convolution *s, onednn_type type, const array *input, const array *output,
  int64_t weight_count, bool bias) {
  array weights = make_array(ONEDNN_FLOAT32, weight_count);
  array offsets = make_array(ONEDNN_FLOAT32, s->output_channels);
  double *sum = calloc((size_t)weight_count, 8), *magnitude = calloc((size_t)weight_count, 8);
  double *offset_sum = calloc((size_t)s->output_channels, 8);
  double *offset_magnitude = calloc((size_t)s->output_channels, 8);
  naive_convolution(
    BACKWARD_WEIGHTS, s, input->values, NULL, output->values, sum, magnitude);
  for (int64_t i = 0; i < output->count; i++) {
    offset_sum[i % s->output_channels] += output->values[i];
    offset_magnitude[i % s->output_channels] += fabs(output->values[i]);
  }
  onednn_plan *plan;
  if (onednn_convolution_backward_weights(&plan, s, type, bias, 0)) {
    check(false, "backward weights, %s: %s", describe(s, type), onednn_last_error());
  } else {
    for (int i = 0; i < 2; i++) {
      for (int64_t j = 0; j < weight_count; j++) store(&weights, j, NAN);
      int status = onednn_plan_run(
        plan, input->stored, output->stored, bias ? offsets.stored : NULL, weights.stored);
      check(
        status == 0 && agrees(&weights, sum, magnitude), "backward weights, %s, bias %d",
        describe(s, type), bias);
      if (bias)
        check(
          agrees(&offsets, offset_sum, offset_magnitude), "gradient of bias, %s",
          describe(s, type));
    }
    onednn_plan_free(plan);
  }
  free_array(&weights);
  free_array(&offsets);
  free(sum);
  free(magnitude);
  free(offset_sum);
  free(offset_magnitude);
}

static void test_convolution(const onednn_convolution *s, onednn_type type) {
  int64_t inputs = s->batch * s->input_height * s->input_width * s->input_channels;
  int64_t outputs = s->batch * s->output_height * s->output_width * s->output_channels;
  array input = make_array(type, inputs), output = make_array(type, outputs);
  array weights = make_array(
    ONEDNN_FLOAT32, s->output_channels * s->input_channels * s->kernel_height * s->kernel_width);
  double *rounded = malloc((size_t)weights.count * 8);
  for (int64_t i = 0; i < weights.count; i++) {
    float value = (float)weights.values[i];
    rounded[i] = type == ONEDNN_BFLOAT16 ? from_bfloat16(to_bfloat16(value)) : value;
  }
  test_forward(s, type, &input, &weights, rounded, outputs, true, false);
  test_forward(s, type, &input, &weights, rounded, outputs, true, true);
  test_forward(s, type, &input, &weights, rounded, outputs, false, true);
  test_backward_data(s, type, &output, &weights, rounded, inputs);
  test_backward_weights(s, type, &input, &output, weights.count, true);
  test_backward_weights(s, type, &input, &output, weights.count, false);
  free_array(&input);
  free_array(&output);
  free_array(&weights);
  free(rounded);
}

/// batch; input height, width, channels; output likewise; kernel; stride; dilation; top, left.
static const onednn_convolution shapes[] = {
  {2, 8, 8, 64, 8, 8, 64, 3, 3, 1, 1, 1, 1, 1, 1},
  {1, 1, 1, 64, 1, 1, 48, 1, 1, 1, 1, 1, 1, 0, 0},
  {1, 5, 7, 3, 5, 7, 5, 1, 1, 1, 1, 1, 1, 0, 0},
  {3, 6, 6, 5, 6, 6, 3, 3, 3, 1, 1, 1, 1, 1, 1},
  {2, 5, 5, 1, 5, 5, 1, 3, 3, 1, 1, 1, 1, 1, 1},
  // Causal kernels: rows up to and with the current one, then strictly above it.
  {2, 9, 9, 64, 9, 9, 128, 2, 3, 1, 1, 1, 1, 1, 1},
  {2, 9, 9, 64, 9, 9, 128, 2, 3, 1, 1, 1, 1, 2, 1},
  {2, 9, 9, 48, 9, 9, 64, 3, 3, 1, 1, 1, 1, 2, 1},
  {2, 9, 9, 1, 9, 9, 128, 3, 7, 1, 1, 1, 1, 3, 3},
  {1, 9, 9, 3, 9, 9, 64, 4, 7, 1, 1, 1, 1, 4, 3},
  // Columns up to and with the current one, then strictly left of it.
  {2, 9, 9, 64, 9, 9, 128, 1, 2, 1, 1, 1, 1, 0, 1},
  {2, 9, 9, 64, 9, 9, 128, 1, 2, 1, 1, 1, 1, 0, 2},
  {2, 9, 9, 1, 9, 9, 128, 1, 3, 1, 1, 1, 1, 0, 3},
  {1, 9, 9, 5, 9, 9, 48, 1, 1, 1, 1, 1, 1, 0, 1},
  {1, 9, 9, 48, 9, 9, 48, 1, 1, 1, 1, 1, 1, 1, 0},
  // Causal and dilated.
  {2, 10, 10, 48, 10, 10, 48, 2, 2, 1, 1, 2, 4, 2, 4},
  {1, 1, 40, 64, 1, 40, 128, 1, 2, 1, 1, 1, 8, 0, 8},
  // Strides: exact, with unread rows below, wider than the kernel, and their kind in autoencoders.
  {2, 9, 7, 3, 5, 4, 64, 3, 3, 2, 2, 1, 1, 1, 1},
  {2, 8, 8, 48, 4, 4, 64, 3, 3, 2, 2, 1, 1, 1, 1},
  {2, 8, 8, 64, 4, 4, 48, 4, 4, 2, 2, 1, 1, 1, 1},
  {1, 9, 9, 5, 3, 3, 5, 2, 2, 3, 3, 1, 1, 0, 0},
  {1, 9, 9, 16, 4, 2, 16, 2, 2, 2, 3, 1, 1, 0, 0},
  {1, 12, 12, 16, 4, 4, 32, 2, 2, 2, 2, 1, 1, 0, 0},
  {1, 7, 9, 16, 3, 4, 16, 3, 2, 1, 2, 2, 1, 0, 0},
  // A kernel as large as the image, and one that spreads a single pixel over one.
  {2, 7, 7, 64, 1, 1, 48, 7, 7, 1, 1, 1, 1, 0, 0},
  {2, 1, 1, 48, 7, 7, 64, 7, 7, 1, 1, 1, 1, 6, 6},
  // Cropped before, padded wider than the kernel, nothing seen at all.
  {2, 8, 8, 48, 5, 6, 16, 2, 2, 1, 1, 1, 1, -2, -1},
  {2, 4, 4, 16, 12, 12, 16, 3, 3, 1, 1, 1, 1, 5, 4},
  {1, 1, 1, 3, 1, 1, 5, 1, 1, 1, 1, 1, 1, 1, 0},
  {1, 3, 3, 3, 2, 2, 5, 1, 2, 1, 1, 1, 1, 0, -7},
};

static onednn_convolution random_convolution(void) {
  static const int64_t channels[] = {1, 2, 3, 5, 16, 17, 48, 64};
  onednn_convolution s = {
    .batch = random_integer(1, 3),
    .input_height = random_integer(1, 9),
    .input_width = random_integer(1, 9),
    .input_channels = channels[random_integer(0, 7)],
    .output_height = random_integer(1, 9),
    .output_width = random_integer(1, 9),
    .output_channels = channels[random_integer(0, 7)],
    .kernel_height = random_integer(1, 4),
    .kernel_width = random_integer(1, 4),
    .stride_height = random_integer(1, 3),
    .stride_width = random_integer(1, 3),
    .dilation_height = random_integer(1, 2),
    .dilation_width = random_integer(1, 2),
    .padding_top = random_integer(-2, 5),
    .padding_left = random_integer(-2, 5),
  };
  return s;
}

// Matrix product

static void test_product(onednn_product s) {
  int64_t a_rows = s.transpose_a ? s.inner : s.rows, a_row = s.transpose_a ? s.rows : s.inner;
  int64_t b_rows = s.transpose_b ? s.columns : s.inner;
  int64_t b_row = s.transpose_b ? s.inner : s.columns;
  int64_t a_stride = s.a_stride ? s.a_stride : a_row, b_stride = s.b_stride ? s.b_stride : b_row;
  int64_t c_stride = s.c_stride ? s.c_stride : s.columns;
  array a = make_array(s.a_type, a_rows * a_stride), c = make_array(s.c_type, s.rows * c_stride);
  array b = make_array(s.packed ? ONEDNN_FLOAT32 : s.b_type, b_rows * b_stride);
  array bias = make_array(ONEDNN_FLOAT32, s.columns);
  double *expected = malloc((size_t)c.count * 8), *magnitude = calloc((size_t)c.count, 8);
  // What lies between the rows of c must stay as it is.
  memcpy(expected, c.values, (size_t)c.count * 8);
  for (int64_t row = 0; row < s.rows; row++)
    for (int64_t column = 0; column < s.columns; column++) {
      double sum = s.bias ? bias.values[column] : 0, size = 2;
      for (int64_t i = 0; i < s.inner; i++) {
        double x = a.values[s.transpose_a ? i * a_stride + row : row * a_stride + i];
        double y = b.values[s.transpose_b ? column * b_stride + i : i * b_stride + column];
        if (s.b_type == ONEDNN_BFLOAT16) y = from_bfloat16(to_bfloat16((float)y));
        sum += x * y;
        size += fabs(x * y);
      }
      int64_t at = row * c_stride + column;
      expected[at] = s.accumulate ? expected[at] + sum : sum;
      magnitude[at] = size;
      if (!s.accumulate) store(&c, at, NAN);
    }
  onednn_plan *plan;
  int status = onednn_matrix_product(&plan, &s, 0);
  if (status == 0) {
    void *packed = s.packed ? packed_weights(plan, &b) : NULL;
    status = onednn_plan_run(plan, a.stored, packed ? packed : b.stored, bias.stored, c.stored);
    free(packed);
  }
  check(
    status == 0 && agrees(&c, expected, magnitude),
    "product %dx%dx%d, transposes %d %d, strides %d %d %d, types %d %d %d, accumulate %d, bias %d, "
    "packed %d: %s",
    (int)s.rows, (int)s.columns, (int)s.inner, s.transpose_a, s.transpose_b, (int)s.a_stride,
    (int)s.b_stride, (int)s.c_stride, s.a_type, s.b_type, s.c_type, s.accumulate, s.bias, s.packed,
    status ? onednn_last_error() : "wrong values");
  onednn_plan_free(plan);
  free_array(&a);
  free_array(&b);
  free_array(&c);
  free_array(&bias);
  free(expected);
  free(magnitude);
}

static void test_products(onednn_type inputs, onednn_type output) {
  static const int64_t sizes[][3] = {{5, 7, 3}, {64, 128, 64}, {1, 48, 65}, {33, 1, 17}, {1, 1, 1}};
  for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++)
    for (int flags = 0; flags < 64; flags++) {
      int64_t rows = sizes[size][0], columns = sizes[size][1], inner = sizes[size][2];
      bool transpose_a = flags & 1, transpose_b = flags & 2, strided = flags & 4;
      test_product((onednn_product){
        .rows = rows,
        .columns = columns,
        .inner = inner,
        .a_stride = strided ? (transpose_a ? rows : inner) + 3 : 0,
        .b_stride = strided ? (transpose_b ? inner : columns) + 5 : 0,
        .c_stride = strided ? columns + 2 : 0,
        .transpose_a = transpose_a,
        .transpose_b = transpose_b,
        .a_type = inputs,
        .b_type = inputs,
        .c_type = output,
        .accumulate = flags & 8,
        .bias = flags & 16,
        .packed = flags & 32,
      });
    }
}

// Errors

static void refuses(int status, const onednn_plan *plan, const char *what) {
  check(status == 1 && !plan && strlen(onednn_last_error()) > 10, "%s is refused", what);
}

static void test_errors(void) {
  onednn_plan *plan;
  onednn_convolution good = shapes[0], s = good;
  s.stride_height = 0;
  refuses(onednn_convolution_forward(&plan, &s, ONEDNN_FLOAT32, false, false, 0), plan, "stride 0");
  s = good, s.output_channels = 0;
  refuses(onednn_convolution_backward_data(&plan, &s, ONEDNN_FLOAT32, 0), plan, "no channels");
  s = good, s.kernel_width = -3;
  refuses(
    onednn_convolution_backward_weights(&plan, &s, ONEDNN_FLOAT32, true, 0), plan, "kernel -3");
  s = good, s.batch = INT64_MAX;
  refuses(onednn_convolution_forward(&plan, &s, ONEDNN_FLOAT32, false, false, 0), plan, "batch 2^63");
  onednn_product p = {.rows = 4, .columns = 4, .inner = 0};
  refuses(onednn_matrix_product(&plan, &p, 0), plan, "inner 0");
  p.inner = 4, p.c_stride = 3;
  refuses(onednn_matrix_product(&plan, &p, 0), plan, "rows that overlap");
  p.c_stride = 0, p.b_type = ONEDNN_BFLOAT16;
  refuses(onednn_matrix_product(&plan, &p, 0), plan, "float32 times bfloat16");
  p.b_type = ONEDNN_FLOAT32;
  float values[16] = {0}, bias[4] = {0}, result[16];
  check(onednn_matrix_product(&plan, &p, 0) == 0, "a plain product");
  check(onednn_plan_pack(plan, values, result) == 1, "packing for an unpacked product is refused");
  check(onednn_plan_run(plan, values, NULL, NULL, result) == 1, "a missing operand is refused");
  check(onednn_plan_run(plan, values, values, NULL, result) == 0, "no bias is asked for");
  onednn_plan_free(plan);
  p.bias = true;
  check(onednn_matrix_product(&plan, &p, 0) == 0, "a product with bias");
  check(onednn_plan_run(plan, values, values, NULL, result) == 1, "a missing bias is refused");
  check(onednn_plan_run(plan, values, values, bias, result) == 0, "a given bias is taken");
  check(onednn_plan_run(plan, values, values, bias, result) == 0, "and again");
  onednn_statistics statistics = onednn_plan_statistics(plan);
  check(
    statistics.runs == 2 && statistics.nanoseconds > 0, "statistics count %d runs", (int)statistics.runs);
  onednn_plan_free(plan);
  onednn_plan_free(NULL);
}

// Threads

enum { THREADS = 4 };

typedef struct {
  const array *input, *weights;
  const void *packed;
  float *outputs[THREADS];
  int failures, next, pool_plan_failures;
  onednn_plan *pool_plan;
} thread_work;

static const onednn_convolution threaded = {4, 9, 9, 17, 9, 9, 33, 2, 3, 1, 1, 1, 1, 2, 1};
enum { THREADED_OUTPUTS = 4 * 9 * 9 * 33 };

static void work(void *data) {
  thread_work *w = data;
  float *output = w->outputs[__atomic_fetch_add(&w->next, 1, __ATOMIC_RELAXED)];
  int failures = 0;
  onednn_plan *plan;
  if (onednn_convolution_forward(&plan, &threaded, ONEDNN_FLOAT32, false, false, 1)) {
    failures = 1;
  } else {
    for (int i = 0; i < 20; i++)
      failures += onednn_plan_run(plan, w->input->stored, w->packed, NULL, output);
    onednn_plan_free(plan);
  }
  if (w->pool_plan) {
    int refused = onednn_plan_run(w->pool_plan, w->input->stored, w->packed, NULL, output);
    __atomic_fetch_add(&w->pool_plan_failures, refused, __ATOMIC_RELAXED);
  }
  __atomic_fetch_add(&w->failures, failures, __ATOMIC_RELAXED);
}

static void *work_of_thread(void *data) {
  work(data);
  return NULL;
}

static void check_outputs(thread_work *w, const float *expected, const char *what) {
  check(w->failures == 0, "%s: %d failures", what, w->failures);
  for (int i = 0; i < THREADS; i++) {
    check(!memcmp(w->outputs[i], expected, THREADED_OUTPUTS * 4), "%s: output %d", what, i);
    memset(w->outputs[i], 0, THREADED_OUTPUTS * 4);
  }
  w->next = 0;
}

static void test_threads(void) {
  array input = make_array(ONEDNN_FLOAT32, 4 * 9 * 9 * 17);
  array weights = make_array(ONEDNN_FLOAT32, 33 * 17 * 2 * 3);
  array output = make_array(ONEDNN_FLOAT32, THREADED_OUTPUTS);
  int before = omp_get_max_threads();
  onednn_plan *plan;
  check(
    onednn_convolution_forward(&plan, &threaded, ONEDNN_FLOAT32, false, false, 1) == 0, "one thread");
  thread_work w = {.input = &input, .weights = &weights, .packed = packed_weights(plan, &weights)};
  for (int i = 0; i < THREADS; i++) w.outputs[i] = calloc(THREADED_OUTPUTS, 4);
  check(onednn_plan_run(plan, input.stored, w.packed, NULL, output.stored) == 0, "alone");
  onednn_plan_free(plan);

  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, work_of_thread, &w);
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  check_outputs(&w, output.stored, "threads of their own");

  omp_set_num_threads(THREADS);
  check(
    onednn_convolution_forward(&w.pool_plan, &threaded, ONEDNN_FLOAT32, false, false, 0) == 0,
    "a plan for the pool");
  GOMP_parallel(work, &w, THREADS, 0);
  check(w.pool_plan_failures == THREADS, "a plan for the pool is refused inside a parallel run");
  check_outputs(&w, output.stored, "threads of the pool");

  // A pool that grew or shrank since is put back as it was.
  for (int count = 1; count <= 2 * THREADS; count += 2 * THREADS - 1) {
    omp_set_num_threads(count);
    int status = onednn_plan_run(w.pool_plan, input.stored, w.packed, NULL, w.outputs[0]);
    double worst = 0;
    for (int i = 0; i < THREADED_OUTPUTS; i++)
      worst = fmax(worst, fabs(w.outputs[0][i] - ((float *)output.stored)[i]));
    check(status == 0 && worst < 1e-4, "a pool of %d later", count);
    check(omp_get_max_threads() == count, "the pool of %d is left alone", count);
  }
  omp_set_num_threads(before);
  onednn_plan_free(w.pool_plan);
  for (int i = 0; i < THREADS; i++) free(w.outputs[i]);
  free((void *)(uintptr_t)w.packed);
  free_array(&input);
  free_array(&weights);
  free_array(&output);
}

int main(int count, char **arguments) {
  printf("oneDNN %d, bfloat16 %d\n", onednn_version(), onednn_has_bfloat16());
  check(onednn_version() >= 20600 && onednn_version() < 40000, "version %d", onednn_version());
  int types = onednn_has_bfloat16() ? 2 : 1;
  int random_shapes = count > 1 ? atoi(arguments[1]) : 60;
  for (int type = 0; type < types; type++)
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
      test_convolution(&shapes[i], (onednn_type)type);
  for (int i = 0; i < random_shapes; i++) {
    onednn_convolution s = random_convolution();
    test_convolution(&s, (onednn_type)(i % types));
  }
  test_products(ONEDNN_FLOAT32, ONEDNN_FLOAT32);
  if (types == 2) {
    test_products(ONEDNN_BFLOAT16, ONEDNN_FLOAT32);
    test_products(ONEDNN_BFLOAT16, ONEDNN_BFLOAT16);
  }
  test_errors();
  test_threads();
  return finish();
}
