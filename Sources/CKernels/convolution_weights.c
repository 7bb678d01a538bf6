/// The gradient of a convolution's weights with AVX512.
///
/// dW[tap][i][o] = Σ over images and pixels x[pixel + tap][i] dy[pixel][o]. The processor multiplies pairs of
/// bfloat16 values and adds both products to a float32, so pixels are taken two at a time: rows of both operands are
/// first written side by side, channel by channel, as pairs of neighbouring pixels. A word of 32 bits is such a
/// pair, or one float32 value. 24 sums at a time stay in registers while some rows of an image go by. oneDNN 2.6
/// reaches two thirds of the processor's peak here, since it transposes its input.
#include "convolution_private.h"

#ifdef HAS_AVX512_KERNELS

/// Rows of pixels that go by at a time, at most, and at least where an image has more; words that all of these take
/// together, where there may be more rows: they fill the first-level cache.
enum { MOST_ROWS = 28, LEAST_ROWS = 7, CHUNK = 10240 };

static int64_t ceiling(int64_t value, int64_t unit) { return (value + unit - 1) / unit; }

/// Input channels whose sums are in registers together, for so many vectors of output channels: those that need the
/// fewest channels of padding, and of these the most, at most 24 sums.
static int64_t tile_of(int64_t vectors, int64_t inputs) {
  static const int64_t tiles[MOST_VECTORS + 1][3] = {
    {0}, {24, 16, 8}, {12, 8, 8}, {8, 8, 8}, {6, 4, 4}, {4, 4, 4}, {4, 4, 4}};
  int64_t best = tiles[vectors][0];
  for (int i = 1; i < 3; i++) {
    int64_t tile = tiles[vectors][i];
    if (ceiling(inputs, tile) * tile < ceiling(inputs, best) * best) best = tile;
  }
  return best;
}

/// Rows of the output that go by at a time: an image's, in even parts.
static int64_t rows_of(const kernels_convolution *s, const sizes *z) {
  int64_t row = s->stride_height * z->columns * z->inputs + z->words * z->blocks * z->vectors * LANES;
  int64_t most = CHUNK / row < LEAST_ROWS ? LEAST_ROWS : CHUNK / row > MOST_ROWS ? MOST_ROWS : CHUNK / row;
  return ceiling(s->output_height, ceiling(s->output_height, most));
}

static sizes sizes_of(const kernels_convolution *s) {
  sizes z;
  z.extent = (s->kernel_width - 1) * s->dilation_width + 1;
  int64_t vectors = ceiling(s->output_channels, LANES);
  z.blocks = ceiling(vectors, MOST_VECTORS);
  z.vectors = ceiling(vectors, z.blocks);
  z.tile = tile_of(z.vectors, s->input_channels);
  z.inputs = ceiling(s->input_channels, z.tile) * z.tile;
  z.pixels = s->type == KERNELS_BFLOAT16 ? 2 : 1;
  z.stride = z.pixels * s->stride_width;
  z.words = ceiling(s->output_width, z.pixels);
  // A narrow kernel skips columns; they are left out.
  z.column_step = z.extent < z.stride ? z.extent : z.stride;
  z.columns = (z.words - 1) * z.column_step + z.extent;
  z.rows = rows_of(s, &z);
  z.input_rows = (z.rows - 1) * s->stride_height + (s->kernel_height - 1) * s->dilation_height + 1;
  return z;
}

/// Where each part of the scratch memory begins, in 32-bit words.
typedef struct {
  int64_t sums, bias, input, gradient, end;
} places;

static places places_of(const kernels_convolution *s, const sizes *z) {
  places p;
  int64_t outputs = z->blocks * z->vectors * LANES;
  p.sums = 0;
  p.bias = p.sums + s->kernel_height * s->kernel_width * z->inputs * outputs;
  p.input = p.bias + outputs;
  p.gradient = p.input + ceiling(z->input_rows * z->columns * z->inputs, LANES) * LANES;
  p.end = p.gradient + z->rows * z->words * outputs;
  return p;
}

bool kernels_convolution_serves(const kernels_convolution *s) {
  return s->input_channels >= 8 && s->output_channels >= 8 && has_avx512_bfloat16();
}

int64_t kernels_convolution_scratch(const kernels_convolution *s) {
  sizes z = sizes_of(s);
  return places_of(s, &z).end * 4;
}

/// Memory that will be read soon, asked for in equal shares.
typedef struct {
  const char *next;
  int64_t share;
} reading;

/// As many bytes as these rows have, behind them, in so many shares; behind an image's last rows follows the next image.
static reading reading_after(const char *rows, int64_t bytes, int64_t shares) {
  return (reading){rows + bytes, (bytes / shares + 63) / 64 * 64};
}

static void ask(reading *r) {
  for (int64_t i = 0; i < r->share; i += 64) _mm_prefetch(r->next + i, _MM_HINT_T1);
  r->next += r->share;
}

/// Adds one image's share to the sums of all weights and of the bias. While the processor multiplies, the next rows come: they
/// lie in no cache, and take a fifth of the time otherwise.
static void add_image(
  const kernels_convolution *s, const sizes *z, const places *p, const char *image, const char *gradient,
  float *scratch) {
  uint32_t *inputs = (uint32_t *)scratch + p->input, *gradients = (uint32_t *)scratch + p->gradient;
  int64_t width = z->vectors * LANES, taps = s->kernel_height * s->kernel_width;
  convolution_adder *add = convolution_adder_of(s, z);
  int64_t calls = taps * z->blocks * (z->inputs / z->tile);
  int64_t input_row = s->stride_height * s->input_width * s->input_channels * kernels_size(s->type);
  int64_t gradient_row = s->output_width * s->output_channels * kernels_size(s->type);
  for (int64_t row = 0; row < s->output_height; row += z->rows) {
    int64_t rows = s->output_height - row < z->rows ? s->output_height - row : z->rows;
    convolution_write_input(s, z, image, row, inputs);
    convolution_write_gradient(s, z, gradient, row, rows, gradients);
    for (int64_t block = 0; block < z->blocks; block++)
      convolution_add_bias(
        s, gradients + block * z->rows * z->words * width, rows * z->words, width, scratch + p->bias + block * width);
    reading of_input = reading_after(image + row * input_row, rows * input_row, calls);
    reading of_gradient = reading_after(gradient + row * gradient_row, rows * gradient_row, calls);
    for (int64_t tap = 0; tap < taps; tap++) {
      int64_t down = tap / s->kernel_width * s->dilation_height;
      int64_t across = tap % s->kernel_width * s->dilation_width;
      const uint32_t *seen = inputs + (down * z->columns + across) * z->inputs;
      for (int64_t block = 0; block < z->blocks; block++)
        for (int64_t i = 0; i < z->inputs; i += z->tile) {
          ask(&of_input);
          ask(&of_gradient);
          add(
            seen + i, z->column_step * z->inputs, s->stride_height * z->columns * z->inputs,
            gradients + block * z->rows * z->words * width, rows, z->words,
            scratch + p->sums + ((tap * z->blocks + block) * z->inputs + i) * width);
        }
    }
  }
}

void kernels_convolution_weight_gradient(
  const kernels_convolution *s, const void *input, const void *output_gradient, float *weights,
  float *bias, void *scratch) {
  PROFILED(
    kernels_size(s->type) * s->batch
    * (s->input_height * s->input_width * s->input_channels + s->output_height * s->output_width * s->output_channels));
  sizes z = sizes_of(s);
  places p = places_of(s, &z);
  float *sums = (float *)scratch + p.sums, *bias_sums = (float *)scratch + p.bias;
  int64_t image = s->input_height * s->input_width * s->input_channels * kernels_size(s->type);
  int64_t of_image = s->output_height * s->output_width * s->output_channels * kernels_size(s->type);
  memset(sums, 0, (size_t)(p.input - p.sums) * 4);
  for (int64_t n = 0; n < s->batch; n++)
    add_image(s, &z, &p, (const char *)input + n * image, (const char *)output_gradient + n * of_image, scratch);
  convolution_unpack(s, &z, sums, weights);
  if (bias) memcpy(bias, bias_sums, (size_t)s->output_channels * 4);
}

#else

bool kernels_convolution_serves(const kernels_convolution *shape) { return (void)shape, false; }
int64_t kernels_convolution_scratch(const kernels_convolution *shape) { return (void)shape, 0; }
void kernels_convolution_weight_gradient(
  const kernels_convolution *shape, const void *input, const void *output_gradient, float *weights,
  float *bias, void *scratch) {
  (void)shape, (void)input, (void)output_gradient, (void)weights, (void)bias, (void)scratch;
}

#endif
