/// CKernels' conversions, gate, gradient of convolution weights, random numbers and thread pool.
#include "CKernels.h"
#include "kernels_check.h"

static void test_convert(void) {
  // Every bfloat16 as the upper half of a float32, with lower halves at and around the ties.
  static const uint32_t lower[] = {0, 1, 0x7fff, 0x8000, 0x8001, 0xffff};
  enum { COUNT = 6 * 65536 };
  float *wide = guarded(COUNT * 4);
  uint16_t *narrow = guarded(COUNT * 2);
  for (uint32_t i = 0; i < COUNT; i++) wide[i] = bits_to_float((i / 6) << 16 | lower[i % 6]);
  for (int threads = 1; threads <= 3; threads++) {
    kernels_set_threads(threads);
    memset(narrow, 0, COUNT * 2);
    kernels_convert(KERNELS_FLOAT32, wide, KERNELS_BFLOAT16, narrow, COUNT);
    int wrong = 0;
    for (int i = 0; i < COUNT; i++)
      wrong += isnan(wide[i]) ? !isnan(from_bfloat16(narrow[i])) : narrow[i] != to_bfloat16(wide[i]);
    check(wrong == 0, "%d threads: %d of %d float32 values are rounded wrongly", threads, wrong, COUNT);
  }
  check(guard_holds(narrow, COUNT * 2), "converting to bfloat16 wrote past the end");
  for (int i = 0; i < 65536; i++) narrow[i] = (uint16_t)i;
  kernels_convert(KERNELS_BFLOAT16, narrow, KERNELS_FLOAT32, wide, 65536);
  int wrong = 0;
  for (uint32_t i = 0; i < 65536; i++)
    wrong += isnan(wide[i]) ? !isnan(from_bfloat16((uint16_t)i)) : float_to_bits(wide[i]) != i << 16;
  check(wrong == 0, "%d bfloat16 values are widened wrongly", wrong);
  // Lengths around the block that is converted at a time.
  for (int64_t count = 0; count <= 2050; count += count < 5 || count > 1020 ? 1 : 203) {
    kernels_type type = count % 2 ? KERNELS_FLOAT32 : KERNELS_BFLOAT16;
    size_t size = (size_t)count * width(type);
    void *from = guarded(size), *to = guarded(size);
    for (size_t i = 0; i < size; i++) ((uint8_t *)from)[i] = (uint8_t)(i * 7 % 127);
    kernels_convert(type, from, type, to, count);
    check(!memcmp(from, to, size) && guard_holds(to, size), "copying %d values", (int)count);
    free(from);
    free(to);
  }
  free(wide);
  free(narrow);
}

typedef struct {
  int64_t rows, rows_per_group, channels;
  bool conditioned;
} gate_case;

static void test_gate(kernels_type type, gate_case g) {
  int64_t inputs = g.rows * 2 * g.channels, outputs = g.rows * g.channels;
  int64_t groups = (g.rows + g.rows_per_group - 1) / g.rows_per_group;
  float *values = malloc((size_t)inputs * 4), *slopes = malloc((size_t)outputs * 4);
  float *condition = malloc((size_t)(groups * 2 * g.channels) * 4);
  static const float extremes[] = {0, -0.0f, 40, -40, 100, -100, 1e30f, -1e30f, 1e-6f, INFINITY, -INFINITY};
  for (int64_t i = 0; i < inputs; i++)
    values[i] = i % 7 == 3 ? extremes[i / 7 % 11] : 6 * random_value();
  for (int64_t i = 0; i < outputs; i++) slopes[i] = random_value();
  for (int64_t i = 0; i < groups * 2 * g.channels; i++) condition[i] = random_value();
  void *input = as_type(type, values, inputs), *slope = as_type(type, slopes, outputs);
  void *output = guarded((size_t)outputs * width(type));
  void *gradient = guarded((size_t)inputs * width(type));
  const float *given = g.conditioned ? condition : NULL;
  kernels_gate_forward(
    type, input, 2 * g.channels, given, NULL, output, g.rows, g.rows_per_group, g.channels);
  kernels_gate_backward(
    type, input, given, slope, gradient, g.rows, g.rows_per_group, g.channels);
  // Half a unit in the last place, and in bfloat16 what the short polynomial and the reciprocal are off by.
  double rounding = type == KERNELS_BFLOAT16 ? 0x1.1p-8 : 0x1p-23, worst = 0;
  for (int64_t i = 0; i < outputs; i++) {
    int64_t row = i / g.channels, channel = i % g.channels;
    int64_t first = row * 2 * g.channels + channel, second = first + g.channels;
    const float *added = condition + row / g.rows_per_group * 2 * g.channels + channel;
    double a = at(type, input, first) + (given ? added[0] : 0);
    double b = at(type, input, second) + (given ? added[g.channels] : 0);
    double t = tanh(a), s = 1 / (1 + exp(-b)), dy = at(type, slope, i);
    double expected[] = {t * s, dy * s * (1 - t * t), dy * t * s * (1 - s)};
    double actual[] = {
      at(type, output, i), at(type, gradient, first), at(type, gradient, second)};
    for (int j = 0; j < 3; j++) {
      double error = fabs(actual[j] - expected[j]) / (4e-7 + rounding * fabs(expected[j]));
      // Keeps a NaN, too.
      if (!(error <= worst)) worst = error;
    }
  }
  check(
    worst <= 1 && guard_holds(output, (size_t)outputs * width(type))
      && guard_holds(gradient, (size_t)inputs * width(type)),
    "gate, type %d, %d rows of %d channels, condition %d: %g times the error allowed", type,
    (int)g.rows, (int)g.channels, g.conditioned, worst);
  // The same bits for any number of threads, and with other values between the rows.
  int before = kernels_threads();
  void *again = guarded((size_t)inputs * width(type));
  int64_t stride = 2 * g.channels + 3;
  char *spread = guarded((size_t)(g.rows * stride) * width(type));
  for (int64_t row = 0; row < g.rows; row++)
    memcpy(
      spread + (size_t)(row * stride) * width(type),
      (char *)input + (size_t)(row * 2 * g.channels) * width(type),
      (size_t)(2 * g.channels) * width(type));
  kernels_set_threads(5);
  kernels_gate_forward(type, spread, stride, given, NULL, again, g.rows, g.rows_per_group, g.channels);
  check(!memcmp(output, again, (size_t)outputs * width(type)), "gate: other bits with 5 threads");
  free(spread);
  kernels_gate_backward(type, input, given, slope, again, g.rows, g.rows_per_group, g.channels);
  check(!memcmp(gradient, again, (size_t)inputs * width(type)), "gate: other gradient with 5 threads");
  kernels_set_threads(before);
  free(values);
  free(slopes);
  free(condition);
  free(input);
  free(slope);
  free(output);
  free(gradient);
  free(again);
}

static void test_gates(void) {
  static const gate_case cases[] = {
    {1, 1, 1, false},   {3, 1, 3, true},     {7, 7, 128, false}, {12, 4, 130, true},
    {5, 2, 300, true},  {4000, 1000, 64, true}, {2500, 1, 33, false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    test_gate(KERNELS_FLOAT32, cases[i]);
    test_gate(KERNELS_BFLOAT16, cases[i]);
  }
}

static void test_philox(void) {
  // The known answers that Salmon et al. publish with their generator.
  static const uint32_t answers[3][10] = {
    {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
    {~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
    {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb,
     0x5001e420, 0x24126ea1},
  };
  for (int i = 0; i < 3; i++) {
    uint32_t output[4];
    kernels_philox(answers[i], answers[i] + 4, output);
    check(!memcmp(output, answers[i] + 6, 16), "known answer %d of Philox", i);
  }
}

typedef void (*generator)(uint64_t, uint32_t, uint64_t, uint64_t, int64_t, float *);

/// A stream's moments, and that a draw depends on its address alone.
static void test_stream(generator draw, const char *name, double mean, double variance) {
  enum { COUNT = 200001 };
  float *values = guarded(COUNT * 4), piece[9];
  draw(3, 1, 4, 0, COUNT, values);
  check(guard_holds(values, COUNT * 4), "%s values past the end", name);
  double sum = 0, squares = 0, neighbours = 0;
  bool finite = true;
  for (int i = 0; i < COUNT; i++) {
    double x = values[i] - mean;
    sum += x;
    squares += x * x;
    if (i) neighbours += x * (values[i - 1] - mean);
    finite = finite && isfinite(values[i]);
  }
  double error = sqrt(variance / COUNT);
  check(finite, "%s values are finite", name);
  check(fabs(sum / COUNT) < 4 * error, "%s mean is off by %g", name, sum / COUNT);
  check(fabs(squares / COUNT / variance - 1) < 0.015, "%s variance %g", name, squares / COUNT);
  check(fabs(neighbours / COUNT / variance) < 0.01, "%s values are correlated", name);
  for (uint64_t first = 0; first < 100; first++) {
    draw(3, 1, 4, first, 1 + (int64_t)first % 9, piece);
    check(
      !memcmp(piece, values + first, (1 + first % 9) * 4), "%s values from draw %d on", name,
      (int)first);
  }
  static const uint64_t others[][3] = {{4, 1, 4}, {3, 2, 4}, {3, 1, 5},
                                       {1ull << 32 | 3, 1, 4}, {3, 1, 1ull << 32 | 4}};
  for (int i = 0; i < 5; i++) {
    draw(others[i][0], (uint32_t)others[i][1], others[i][2], 0, 9, piece);
    check(memcmp(piece, values, 36) != 0, "%s stream %d is another", name, i);
  }
  free(values);
}

/// Streams around draw 2^34, where the number of the block of four outgrows a word.
static void test_long_streams(void) {
  const uint64_t boundary = 1ull << 34, seed = 0x123456789ull, index = 0xabcdef0123ull;
  const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
  static const uint64_t blocks[] = {0, 0xffffffff, 1ull << 32, (1ull << 32) + 1, 3ull << 32, (1ull << 56) - 1};
  for (int i = 0; i < 6; i++) {
    uint64_t block = blocks[i];
    // The purpose lies below the upper half of the number.
    uint32_t counter[4] = {(uint32_t)block, 7 + 256 * (uint32_t)(block >> 32), (uint32_t)index, (uint32_t)(index >> 32)};
    uint32_t words[4];
    float values[4];
    kernels_philox(counter, key, words);
    kernels_uniform(seed, 7, index, 4 * block, 4, values);
    bool same = true;
    for (int j = 0; j < 4; j++) same = same && values[j] == ((float)(words[j] >> 9) + 0.5f) * 0x1p-23f;
    check(same, "block %d of a long stream", i);
  }
  generator generators[] = {kernels_uniform, kernels_normal};
  for (int i = 0; i < 2; i++) {
    float across[12], after[6], first[6], other[6];
    generators[i](seed, 7, index, boundary - 6, 12, across);
    generators[i](seed, 7, index, boundary, 6, after);
    generators[i](seed, 7, index, 0, 6, first);
    generators[i](seed, 8, index, 0, 6, other);
    check(!memcmp(across + 6, after, 24), "draws across the boundary are those after it");
    check(memcmp(first, after, 24) && memcmp(other, after, 24), "a stream does not repeat after 2^34 draws");
  }
}

static void test_random(void) {
  test_philox();
  test_long_streams();
  test_stream(kernels_uniform, "uniform", 0.5, 1.0 / 12);
  test_stream(kernels_normal, "normal", 0, 1);
  float values[4096];
  bool inside = true;
  for (uint64_t first = 0; first < 1 << 20; first += 4096) {
    kernels_uniform(9, 0, 0, first, 4096, values);
    for (int i = 0; i < 4096; i++) inside = inside && values[i] > 0 && values[i] < 1;
  }
  check(inside, "uniform values lie strictly between 0 and 1");
}

typedef struct {
  int *visits;
  /// Callers' numbers lie in first ..< first + threads.
  int first, threads;
  bool nests, astray;
} visited;

static void visit(void *context, int64_t begin, int64_t end) {
  visited *v = context;
  int thread = kernels_thread();
  if (thread < v->first || thread >= v->first + v->threads || begin >= end)
    __atomic_store_n(&v->astray, true, __ATOMIC_RELAXED);
  for (int64_t i = begin; i < end; i++) {
    __atomic_fetch_add(&v->visits[i], 1, __ATOMIC_RELAXED);
    if (!v->nests) continue;
    // Inside a parallel run (a short one is none), everything stays on this thread.
    int inner[50] = {0};
    int threads = kernels_in_parallel() ? 1 : v->threads;
    visited nested = {.visits = inner, .first = thread, .threads = threads};
    kernels_parallel_for(50, 1, visit, &nested);
    kernels_parallel_items(50, visit, &nested);
    for (int j = 0; j < 50; j++) nested.astray = nested.astray || inner[j] != 2;
    if (nested.astray)
      __atomic_store_n(&v->astray, true, __ATOMIC_RELAXED);
  }
}

static void test_parallel(void) {
  static const int64_t counts[] = {0, 1, 2, 7, 100, 1001};
  static const int64_t grains[] = {0, 1, 3, 1000};
  int before = kernels_threads();
  for (int threads = 1; threads <= 9; threads += threads < 4 ? 1 : 5) {
    kernels_set_threads(threads);
    check(kernels_threads() == threads, "%d threads are asked for", threads);
    for (int c = 0; c < 6; c++)
      for (int g = 0; g < 5; g++)
        for (int nests = 0; nests < (c < 4 ? 2 : 1); nests++) {
          int64_t count = counts[c], wrong = 0;
          visited v = {guarded((size_t)count * sizeof(int)), 0, threads, nests, false};
          memset(v.visits, 0, (size_t)count * sizeof(int));
          // One turn more than there are grains: item by item.
          if (g < 4)
            kernels_parallel_for(count, grains[g], visit, &v);
          else
            kernels_parallel_items(count, visit, &v);
          for (int64_t i = 0; i < count; i++) wrong += v.visits[i] != 1;
          check(
            wrong == 0 && !v.astray && guard_holds(v.visits, (size_t)count * sizeof(int)),
            "%d threads, %d items, way %d, nested %d: %d items not handled once", threads,
            (int)count, g, nests, (int)wrong);
          free(v.visits);
        }
    check(kernels_thread() == 0 && !kernels_in_parallel(), "outside a parallel run");
  }
  kernels_set_threads(before);
}

/// Shapes that kernels for other processors would have served.
static int skipped;

static float value_of(kernels_type type, const void *values, int64_t place) {
  return type == KERNELS_FLOAT32 ? ((const float *)values)[place] : from_bfloat16(((const uint16_t *)values)[place]);
}

/// One weight's gradient, and the sum of the magnitudes that it is made of, by its definition.
static double weight_gradient(
  const kernels_convolution *s, const void *input, const void *gradient, int64_t o, int64_t i,
  int64_t ky, int64_t kx, double *magnitude) {
  double sum = 0;
  *magnitude = 0;
  for (int64_t n = 0; n < s->batch; n++)
    for (int64_t oy = 0; oy < s->output_height; oy++)
      for (int64_t ox = 0; ox < s->output_width; ox++) {
        int64_t y = oy * s->stride_height + ky * s->dilation_height - s->padding_top;
        int64_t x = ox * s->stride_width + kx * s->dilation_width - s->padding_left;
        if (y < 0 || x < 0 || y >= s->input_height || x >= s->input_width) continue;
        int64_t from = ((n * s->input_height + y) * s->input_width + x) * s->input_channels + i;
        int64_t to = ((n * s->output_height + oy) * s->output_width + ox) * s->output_channels + o;
        double product = (double)value_of(s->type, input, from) * value_of(s->type, gradient, to);
        sum += product;
        *magnitude += fabs(product);
      }
  return sum;
}

static void test_weight_gradient(kernels_convolution s) {
  if (!kernels_convolution_serves(&s)) {
    skipped++;
    return;
  }
  int64_t inputs = s.batch * s.input_height * s.input_width * s.input_channels;
  int64_t gradients = s.batch * s.output_height * s.output_width * s.output_channels;
  int64_t taps = s.kernel_height * s.kernel_width;
  size_t weights_size = (size_t)(s.output_channels * s.input_channels * taps) * 4;
  size_t scratch_size = (size_t)kernels_convolution_scratch(&s);
  void *input = random_array(s.type, inputs, 1), *gradient = random_array(s.type, gradients, 1);
  float *weights = guarded(weights_size), *bias = guarded((size_t)s.output_channels * 4);
  void *scratch = guarded(scratch_size);
  kernels_convolution_weight_gradient(&s, input, gradient, weights, bias, scratch);
  double worst = 0;
  for (int64_t o = 0; o < s.output_channels; o++) {
    for (int64_t rest = 0; rest < s.input_channels * taps; rest++) {
      double magnitude, expected = weight_gradient(
        &s, input, gradient, o, rest / taps, rest % taps / s.kernel_width, rest % s.kernel_width, &magnitude);
      double error = fabs(weights[o * s.input_channels * taps + rest] - expected);
      if (!(error <= worst * (magnitude + 1))) worst = error / (magnitude + 1);
    }
    double sum = 0;
    for (int64_t i = o; i < gradients; i += s.output_channels) sum += value_of(s.type, gradient, i);
    double error = fabs(bias[o] - sum) / (double)gradients;
    if (!(error <= worst)) worst = error;
  }
  check(
    worst < 1e-6 && guard_holds(weights, weights_size) && guard_holds(scratch, scratch_size)
      && guard_holds(bias, (size_t)s.output_channels * 4),
    "gradient of weights %dx%d, %d to %d channels: relative error %g", (int)s.kernel_height,
    (int)s.kernel_width, (int)s.input_channels, (int)s.output_channels, worst);
  float *again = guarded(weights_size);
  kernels_convolution_weight_gradient(&s, input, gradient, again, NULL, scratch);
  check(!memcmp(weights, again, weights_size), "gradient of weights: other bits the second time");
  free(input), free(gradient), free(weights), free(bias), free(scratch), free(again);
}

static void test_weight_gradients(void) {
  static const kernels_convolution shapes[] = {
    // batch, input, output, kernel, stride, dilation, padding
    {2, 9, 8, 16, 9, 8, 32, 2, 3, 1, 1, 1, 1, 1, 1}, {2, 31, 7, 8, 31, 7, 96, 1, 2, 1, 1, 1, 1, 0, 1},
    {3, 5, 6, 24, 5, 6, 48, 1, 1, 1, 1, 1, 1, 0, 0}, {2, 9, 7, 11, 4, 3, 37, 3, 3, 2, 2, 1, 1, 1, 1},
    {2, 5, 5, 8, 5, 5, 200, 3, 2, 1, 1, 1, 1, -1, 2}, {1, 6, 5, 20, 7, 9, 13, 2, 3, 1, 1, 1, 1, 3, 3},
    {1, 61, 3, 9, 30, 2, 80, 2, 2, 2, 1, 1, 1, 0, 0}, {2, 8, 9, 32, 3, 3, 16, 1, 1, 3, 4, 1, 1, 0, 0},
    {1, 4, 4, 17, 4, 4, 64, 3, 3, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 8, 1, 1, 8, 1, 1, 1, 1, 1, 1, 0, 0},
    {2, 9, 11, 16, 9, 11, 32, 2, 3, 1, 1, 4, 4, 4, 4}, {1, 33, 6, 12, 33, 6, 24, 3, 2, 1, 1, 2, 3, 2, 1},
    {1, 9, 13, 8, 4, 6, 24, 2, 2, 2, 2, 2, 1, 1, 0}, {2, 8, 20, 16, 8, 5, 16, 1, 2, 1, 4, 1, 5, 0, 0},
    {1, 8, 20, 16, 8, 5, 16, 1, 2, 1, 4, 1, 3, 0, 0},
  };
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
    for (int type = KERNELS_FLOAT32; type <= KERNELS_BFLOAT16; type++) {
      kernels_convolution shape = shapes[i];
      shape.type = (kernels_type)type;
      test_weight_gradient(shape);
    }
}

/// Against sums in double precision of the same rounded values, row by row; the last rows alone give the same bits.
static void test_thin_product(kernels_product s) {
  if (!kernels_thin_product_serves(&s)) {
    skipped++;
    return;
  }
  uint16_t *input = random_array(KERNELS_BFLOAT16, s.rows * s.inner, 1);
  float *weights = random_array(KERNELS_FLOAT32, s.inner * s.columns, 1);
  float *bias = random_array(KERNELS_FLOAT32, s.columns, 1);
  size_t size = (size_t)(s.rows * s.columns) * 2;
  uint16_t *result = guarded(size), *last = guarded((size_t)s.columns * 2);
  kernels_thin_product(&s, input, weights, bias, result);
  double worst = 0;
  for (int64_t row = 0; row < s.rows; row++)
    for (int64_t column = 0; column < s.columns; column++) {
      double sum = bias[column], magnitude = fabs(sum);
      for (int64_t k = 0; k < s.inner; k++) {
        float weight = weights[s.transposed ? column * s.inner + k : k * s.columns + column];
        double product = (double)from_bfloat16(input[row * s.inner + k]) * from_bfloat16(to_bfloat16(weight));
        sum += product;
        magnitude += fabs(product);
      }
      double error = fabs(from_bfloat16(result[row * s.columns + column]) - sum);
      double allowed = 0x1p-8 * fabs(sum) + 1e-6 * magnitude;
      if (!(error <= worst * allowed)) worst = error / allowed;
    }
  check(
    worst <= 1 && guard_holds(result, size), "%d rows times %d to %d, transposed %d: %g times the error allowed",
    (int)s.rows, (int)s.inner, (int)s.columns, s.transposed, worst);
  kernels_product one = {1, s.inner, s.columns, s.transposed};
  kernels_thin_product(&one, input + (s.rows - 1) * s.inner, weights, bias, last);
  check(
    !memcmp(last, result + (s.rows - 1) * s.columns, (size_t)s.columns * 2)
      && guard_holds(last, (size_t)s.columns * 2),
    "a row alone has other bits than among %d", (int)s.rows);
  // Without a bias, and the same bits for any number of threads.
  uint16_t *other = guarded(size);
  int before = kernels_threads();
  memset(bias, 0, (size_t)s.columns * 4);
  kernels_thin_product(&s, input, weights, bias, result);
  kernels_set_threads(3);
  kernels_thin_product(&s, input, weights, NULL, other);
  kernels_set_threads(before);
  check(!memcmp(result, other, size) && guard_holds(other, size), "no bias is a bias of zeros, for three threads too");
  free(input), free(weights), free(bias), free(result), free(last), free(other);
}

static void test_thin_products(void) {
  // Whole tiles and pieces of them; every number of rows that a block can have.
  static const int64_t shapes[][2] = {{256, 64}, {258, 65}, {130, 133}, {1000, 37}, {514, 49}, {62, 300}};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
    for (int64_t rows = 1; rows <= 64; rows += rows < 14 ? 1 : 10)
      for (int transposed = 0; transposed < 2; transposed++)
        test_thin_product((kernels_product){rows, shapes[i][0], shapes[i][1], transposed});
  kernels_product odd = {4, 1001, 1000, true}, many = {65, 1000, 1000, true};
  check(!kernels_thin_product_serves(&odd) && !kernels_thin_product_serves(&many), "shapes that it does not serve");
}

/// Silu and its slope for every bfloat16 value.
static void test_silu(void) {
  enum { ALL_VALUES = 1 << 16 };
  size_t size = ALL_VALUES * 2;
  uint16_t *input = guarded(size), *ones = guarded(size), *value = guarded(size), *slope = guarded(size);
  for (int i = 0; i < ALL_VALUES; i++) input[i] = (uint16_t)i, ones[i] = 0x3f80;
  kernels_unary(KERNELS_SILU, 0, 0, KERNELS_BFLOAT16, input, value, ALL_VALUES);
  kernels_unary_gradient(KERNELS_SILU, 0, 0, KERNELS_BFLOAT16, input, ones, slope, ALL_VALUES);
  double worst = 0;
  for (int i = 0; i < ALL_VALUES; i++) {
    double x = from_bfloat16((uint16_t)i), y = from_bfloat16(value[i]), d = from_bfloat16(slope[i]);
    if (isnan(x)) {
      check(isnan(y) && isnan(d), "silu of a NaN is %g, its slope %g", y, d);
      continue;
    }
    // Far below 0 the product of something huge and something tiny is only said to be small.
    if (x < -80) continue;
    double s = 1 / (1 + exp(-x)), expected[] = {x * s, isinf(x) ? 1 : s * (1 + x * (1 - s))}, actual[] = {y, d};
    for (int j = 0; j < 2; j++) {
      // The slope's terms cancel where it turns.
      double allowed = 0x1.1p-8 * fabs(expected[j]) + (j ? 5e-5 : 1e-6);
      double error = actual[j] == expected[j] ? 0 : fabs(actual[j] - expected[j]) / allowed;
      if (!(error <= worst)) worst = error;
    }
  }
  check(worst <= 1 && guard_holds(value, size) && guard_holds(slope, size), "silu: %g times the error allowed", worst);
  free(input), free(ones), free(value), free(slope);
}

int main(void) {
  test_silu();
  test_thin_products();
  test_convert();
  test_gates();
  test_weight_gradients();
  test_random();
  test_parallel();
  if (skipped) printf("%d shapes skipped: this processor has no AVX512 with bfloat16\n", skipped);
  return finish();
}
