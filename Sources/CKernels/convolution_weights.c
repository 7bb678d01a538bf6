/// The gradient of a convolution's weights in bfloat16 with AVX512-BF16.
///
/// dW[tap][i][o] = Σ over images and pixels x[pixel + tap][i] dy[pixel][o]. The processor multiplies pairs of
/// bfloat16 values and adds both products to a float32, so pixels are taken two at a time: rows of both operands are
/// first written side by side, channel by channel, as pairs of neighbouring pixels. Then 24 sums at a time stay in
/// registers while some rows of an image go by. oneDNN 2.6 reaches two thirds of the processor's peak here, since
/// it transposes its input.
#include "kernels_private.h"

#if defined(__x86_64__) && defined(__linux__) && !defined(KERNELS_NO_CLONES)
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))
#define AVX512_INLINED static inline __attribute__((always_inline)) AVX512

/// Output channels of a vector; vectors of a block of output channels, at most; rows of pixels that go by at a time.
enum { LANES = 16, ALL = 0xffff, MOST_VECTORS = 6, ROWS = 28 };

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

/// Sizes that follow from the shape.
typedef struct {
  /// Vectors of a block of output channels, and blocks.
  int64_t vectors, blocks;
  /// Input channels of a tile, and all of them, rounded up to whole tiles.
  int64_t tile, inputs;
  /// Columns from a kernel's first to its last.
  int64_t extent;
  /// Pairs of output pixels of a row; columns of the input that they need, in all and from one pair to the next; rows
  /// of it for ROWS of output.
  int64_t pairs, columns, column_step, rows;
} sizes;

static sizes sizes_of(const kernels_convolution *s) {
  sizes z;
  z.extent = (s->kernel_width - 1) * s->dilation_width + 1;
  int64_t vectors = ceiling(s->output_channels, LANES);
  z.blocks = ceiling(vectors, MOST_VECTORS);
  z.vectors = ceiling(vectors, z.blocks);
  z.tile = tile_of(z.vectors, s->input_channels);
  z.inputs = ceiling(s->input_channels, z.tile) * z.tile;
  z.pairs = ceiling(s->output_width, 2);
  // A narrow kernel skips columns; they are left out.
  z.column_step = z.extent < 2 * s->stride_width ? z.extent : 2 * s->stride_width;
  z.columns = (z.pairs - 1) * z.column_step + z.extent;
  z.rows = (ROWS - 1) * s->stride_height + (s->kernel_height - 1) * s->dilation_height + 1;
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
  p.gradient = p.input + ceiling(z->rows * z->columns * z->inputs, LANES) * LANES;
  p.end = p.gradient + ROWS * z->pairs * outputs;
  return p;
}

bool kernels_convolution_serves(const kernels_convolution *s) {
  return s->input_channels >= 8 && s->output_channels >= 8 && __builtin_cpu_supports("avx512bf16")
         && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
         && __builtin_cpu_supports("avx512dq");
}

int64_t kernels_convolution_scratch(const kernels_convolution *s) {
  sizes z = sizes_of(s);
  return places_of(s, &z).end * 4;
}

AVX512_INLINED __mmask16 lanes_of(int64_t left) {
  return left >= LANES ? ALL : left <= 0 ? 0 : (__mmask16)((1u << left) - 1);
}

AVX512_INLINED __m512i load_words(const uint16_t *from, __mmask16 lanes) {
  return _mm512_cvtepu16_epi32(
    lanes == ALL ? _mm256_loadu_si256((const void *)from) : _mm256_maskz_loadu_epi16(lanes, from));
}

/// Writes two pixels channel by channel, the first in the lower halves; a null pixel is zero. `width` channels
/// are written, a multiple of LANES or not.
AVX512_INLINED void write_pairs(
  const uint16_t *first, const uint16_t *second, int64_t channels, int64_t width, uint32_t *to) {
  int64_t c = 0;
  for (; first && second && c + LANES <= channels; c += LANES) {
    __m512i low = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const void *)(first + c)));
    __m512i high = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const void *)(second + c)));
    _mm512_storeu_si512(to + c, _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
  }
  for (; c < width; c += LANES) {
    __mmask16 lanes = lanes_of(channels - c);
    __m512i low = first ? load_words(first + c, lanes) : _mm512_setzero_si512();
    __m512i high = second ? load_words(second + c, lanes) : _mm512_setzero_si512();
    _mm512_mask_storeu_epi32(
      to + c, lanes_of(width - c), _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
  }
}

/// The pairs (x, x + stride) of the rows of an image that some rows of output see, [rows][columns][inputs].
AVX512 static void write_input(
  const kernels_convolution *s, const sizes *z, const uint16_t *image, int64_t first_row, uint32_t *to) {
  // Columns that are neighbours in the image.
  int64_t run = z->column_step < 2 * s->stride_width ? z->extent : z->columns;
  for (int64_t r = 0; r < z->rows; r++) {
    int64_t y = first_row * s->stride_height - s->padding_top + r;
    bool inside = y >= 0 && y < s->input_height;
    const uint16_t *row = image + (inside ? y : 0) * s->input_width * s->input_channels;
    for (int64_t group = 0; group * run < z->columns; group++)
      for (int64_t c = 0; c < run; c++, to += z->inputs) {
        int64_t x = group * 2 * s->stride_width + c - s->padding_left, next = x + s->stride_width;
        write_pairs(
          inside && x >= 0 && x < s->input_width ? row + x * s->input_channels : NULL,
          inside && next >= 0 && next < s->input_width ? row + next * s->input_channels : NULL,
          s->input_channels, z->inputs, to);
      }
  }
}

/// The pairs of neighbouring pixels of some rows of the output's gradient, [blocks][ROWS][pairs][outputs of a block]; adds
/// the pixels to the bias's gradient.
AVX512 static void write_gradient(
  const kernels_convolution *s, const sizes *z, const uint16_t *gradient, int64_t rows, uint32_t *to,
  float *bias) {
  int64_t width = z->vectors * LANES;
  for (int64_t block = 0; block < z->blocks; block++)
    for (int64_t v = 0; v < z->vectors; v++) {
      int64_t channel = block * width + v * LANES;
      __mmask16 lanes = lanes_of(s->output_channels - channel);
      __m512 sum = _mm512_loadu_ps(bias + channel);
      for (int64_t r = 0; r < rows; r++)
        for (int64_t k = 0; k < z->pairs; k++) {
          const uint16_t *first = gradient + (r * s->output_width + 2 * k) * s->output_channels + channel;
          bool whole = 2 * k + 1 < s->output_width;
          __m512i low = load_words(first, lanes);
          __m512i high = whole ? load_words(first + s->output_channels, lanes) : _mm512_setzero_si512();
          high = _mm512_slli_epi32(high, 16);
          __m512 both = _mm512_castsi512_ps(_mm512_slli_epi32(low, 16));
          sum = _mm512_add_ps(sum, _mm512_add_ps(both, _mm512_castsi512_ps(high)));
          _mm512_storeu_si512(
            to + ((block * ROWS + r) * z->pairs + k) * width + v * LANES, _mm512_or_si512(low, high));
        }
      _mm512_storeu_ps(bias + channel, sum);
    }
}

/// Adds some rows' share to the sums of one tap, one tile of inputs and one block of outputs, [tile][VECTORS * LANES].
/// Neighbouring pairs are `pair_step` words apart in the input, rows `row_step`.
AVX512_INLINED void add_rows(
  const int VECTORS, const int TILE, const uint32_t *input, int64_t pair_step, int64_t row_step,
  const uint32_t *gradient, int64_t rows, int64_t pairs, float *sums) {
  __m512 sum[24];
#pragma clang loop unroll(full)
  for (int i = 0; i < TILE * VECTORS; i++) sum[i] = _mm512_loadu_ps(sums + i * LANES);
  for (int64_t r = 0; r < rows; r++, input += row_step) {
    const uint32_t *x = input;
    for (int64_t k = 0; k < pairs; k++, x += pair_step, gradient += VECTORS * LANES) {
      __m512bh dy[MOST_VECTORS];
#pragma clang loop unroll(full)
      for (int v = 0; v < VECTORS; v++) dy[v] = (__m512bh)_mm512_loadu_si512(gradient + v * LANES);
#pragma clang loop unroll(full)
      for (int i = 0; i < TILE; i++) {
        __m512bh both = (__m512bh)_mm512_set1_epi32((int)x[i]);
#pragma clang loop unroll(full)
        for (int v = 0; v < VECTORS; v++)
          sum[i * VECTORS + v] = _mm512_dpbf16_ps(sum[i * VECTORS + v], both, dy[v]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < TILE * VECTORS; i++) _mm512_storeu_ps(sums + i * LANES, sum[i]);
}

typedef void adder(
  const uint32_t *input, int64_t pair_step, int64_t row_step, const uint32_t *gradient, int64_t rows,
  int64_t pairs, float *sums);

#define ADDER(VECTORS, TILE)                                                                          \
  AVX512 static void add_##VECTORS##_##TILE(                                                          \
    const uint32_t *input, int64_t pair_step, int64_t row_step, const uint32_t *gradient, int64_t rows, \
    int64_t pairs, float *sums) {                                                                     \
    add_rows(VECTORS, TILE, input, pair_step, row_step, gradient, rows, pairs, sums);                 \
  }
ADDER(1, 24)
ADDER(1, 16)
ADDER(1, 8)
ADDER(2, 12)
ADDER(2, 8)
ADDER(3, 8)
ADDER(4, 6)
ADDER(4, 4)
ADDER(5, 4)
ADDER(6, 4)

static adder *adder_of(const sizes *z) {
  switch (z->vectors) {
    case 1: return z->tile == 24 ? add_1_24 : z->tile == 16 ? add_1_16 : add_1_8;
    case 2: return z->tile == 12 ? add_2_12 : add_2_8;
    case 3: return add_3_8;
    case 4: return z->tile == 6 ? add_4_6 : add_4_4;
    case 5: return add_5_4;
    default: return add_6_4;
  }
}

/// The sums, [taps][blocks][inputs][outputs of a block], in the weights' order.
static void unpack(const kernels_convolution *s, const sizes *z, const float *sums, float *weights) {
  int64_t taps = s->kernel_height * s->kernel_width, width = z->vectors * LANES;
  // Outputs last but for the taps: neighbours share the cache lines that they are read from.
  for (int64_t i = 0; i < s->input_channels; i++)
    for (int64_t block = 0, o = 0; block < z->blocks; block++)
      for (int64_t lane = 0; lane < width && o < s->output_channels; lane++, o++)
        for (int64_t tap = 0; tap < taps; tap++)
          weights[(o * s->input_channels + i) * taps + tap] =
            sums[((tap * z->blocks + block) * z->inputs + i) * width + lane];
}

void kernels_convolution_weight_gradient(
  const kernels_convolution *s, const void *input, const void *output_gradient, float *weights,
  float *bias, void *scratch) {
  PROFILED(
    2 * s->batch
    * (s->input_height * s->input_width * s->input_channels + s->output_height * s->output_width * s->output_channels));
  sizes z = sizes_of(s);
  places p = places_of(s, &z);
  float *sums = (float *)scratch + p.sums, *bias_sums = (float *)scratch + p.bias;
  uint32_t *inputs = (uint32_t *)scratch + p.input, *gradients = (uint32_t *)scratch + p.gradient;
  memset(sums, 0, (size_t)(p.input - p.sums) * 4);
  int64_t width = z.vectors * LANES, taps = s->kernel_height * s->kernel_width;
  adder *add = adder_of(&z);
  for (int64_t n = 0; n < s->batch; n++) {
    const uint16_t *image =
      (const uint16_t *)input + n * s->input_height * s->input_width * s->input_channels;
    const uint16_t *gradient =
      (const uint16_t *)output_gradient + n * s->output_height * s->output_width * s->output_channels;
    for (int64_t row = 0; row < s->output_height; row += ROWS) {
      int64_t rows = s->output_height - row < ROWS ? s->output_height - row : ROWS;
      write_input(s, &z, image, row, inputs);
      write_gradient(
        s, &z, gradient + row * s->output_width * s->output_channels, rows, gradients, bias_sums);
      for (int64_t tap = 0; tap < taps; tap++) {
        int64_t down = tap / s->kernel_width * s->dilation_height;
        int64_t across = tap % s->kernel_width * s->dilation_width;
        const uint32_t *seen = inputs + (down * z.columns + across) * z.inputs;
        for (int64_t block = 0; block < z.blocks; block++)
          for (int64_t i = 0; i < z.inputs; i += z.tile)
            add(
              seen + i, z.column_step * z.inputs, s->stride_height * z.columns * z.inputs,
              gradients + block * ROWS * z.pairs * width, rows, z.pairs,
              sums + ((tap * z.blocks + block) * z.inputs + i) * width);
      }
    }
  }
  unpack(s, &z, sums, weights);
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
