/// The gradient of a convolution's weights with AVX512.
///
/// dW[tap][i][o] = Σ over images and pixels x[pixel + tap][i] dy[pixel][o]. The processor multiplies pairs of
/// bfloat16 values and adds both products to a float32, so pixels are taken two at a time: rows of both operands are
/// first written side by side, channel by channel, as pairs of neighbouring pixels. A word of 32 bits is such a
/// pair, or one float32 value. 24 sums at a time stay in registers while some rows of an image go by. oneDNN 2.6
/// reaches two thirds of the processor's peak here, since it transposes its input.
#include "avx512_private.h"

#ifdef HAS_AVX512_KERNELS

/// Vectors of a block of output channels, at most; rows of pixels that go by at a time, at most, and at least where an image
/// has more; words that all of these take together, where there may be more rows: they fill the first-level cache.
enum { MOST_VECTORS = 6, MOST_ROWS = 28, LEAST_ROWS = 7, CHUNK = 10240 };

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
  /// Neighbouring pixels of a word: 2 of bfloat16, 1 of float32. Columns of the input from one word's first pixel to the
  /// next one's.
  int64_t pixels, stride;
  /// Words of a row of the output; columns of the input that they need, in all and from one to the next.
  int64_t words, columns, column_step;
  /// Rows of the output that go by at a time, and those of the input that they see.
  int64_t rows, input_rows;
} sizes;

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

/// Channels of one pixel, a word each.
AVX512_INLINED __m512i load_words(kernels_type type, const void *from, int64_t place, __mmask16 lanes) {
  if (type == KERNELS_FLOAT32) return _mm512_castps_si512(load_floats((const float *)from + place, lanes));
  const uint16_t *start = (const uint16_t *)from + place;
  if (!lanes) return _mm512_setzero_si512();
  return _mm512_cvtepu16_epi32(
    lanes == ALL ? _mm256_loadu_si256((const void *)start) : _mm256_maskz_loadu_epi16(lanes, start));
}

/// Both pixels of a pair, channel by channel, the first in the lower halves.
AVX512_INLINED __m512i pair(__m512i first, __m512i second) {
  return _mm512_or_si512(first, _mm512_slli_epi32(second, 16));
}

/// The same for 32 channels, straight from memory.
AVX512_INLINED void write_two_vectors(const uint16_t *first, const uint16_t *second, uint32_t *to) {
  const __m512i low = _mm512_set_epi16(
    47, 15, 46, 14, 45, 13, 44, 12, 43, 11, 42, 10, 41, 9, 40, 8, 39, 7, 38, 6, 37, 5, 36, 4, 35, 3, 34, 2, 33, 1, 32, 0);
  const __m512i high = _mm512_add_epi16(low, _mm512_set1_epi16(16));
  __m512i a = _mm512_loadu_si512(first), b = _mm512_loadu_si512(second);
  _mm512_storeu_si512(to, _mm512_permutex2var_epi16(a, low, b));
  _mm512_storeu_si512(to + LANES, _mm512_permutex2var_epi16(a, high, b));
}

/// Where the pixels of a word begin in an image; a pixel that is not there is zero.
typedef struct {
  int64_t first, second;
  bool has_first, has_second;
} word;

/// Writes the words that there is room for. A store under a mask is several times slower, even where the mask is full.
AVX512_INLINED void store_words(void *to, int64_t room, __m512i words) {
  if (room >= LANES)
    _mm512_storeu_si512(to, words);
  else
    _mm512_mask_storeu_epi32(to, lanes_of(room), words);
}

/// Writes a word's pixels channel by channel, `width` words, a multiple of LANES or not.
AVX512_INLINED void write_words(
  kernels_type type, const void *image, word w, int64_t channels, int64_t width, uint32_t *to) {
  bool whole = w.has_first && (w.has_second || type == KERNELS_FLOAT32);
  int64_t c = 0;
  for (; type == KERNELS_BFLOAT16 && whole && c + 2 * LANES <= channels; c += 2 * LANES)
    write_two_vectors((const uint16_t *)image + w.first + c, (const uint16_t *)image + w.second + c, to + c);
  for (; whole && c + LANES <= channels; c += LANES) {
    __m512i words = load_words(type, image, w.first + c, ALL);
    if (type == KERNELS_BFLOAT16) words = pair(words, load_words(type, image, w.second + c, ALL));
    _mm512_storeu_si512(to + c, words);
  }
  for (; c < width; c += LANES) {
    __mmask16 lanes = lanes_of(channels - c);
    __m512i words = w.has_first ? load_words(type, image, w.first + c, lanes) : _mm512_setzero_si512();
    if (w.has_second) words = pair(words, load_words(type, image, w.second + c, lanes));
    store_words(to + c, width - c, words);
  }
}

/// The words of the rows of an image that some rows of output see, [rows][columns][inputs].
AVX512_INLINED void write_input(
  kernels_type type, const kernels_convolution *s, const sizes *z, const void *image, int64_t first_row, uint32_t *to) {
  // Columns that are neighbours in the image.
  int64_t run = z->column_step < z->stride ? z->extent : z->columns;
  for (int64_t r = 0; r < z->input_rows; r++) {
    int64_t y = first_row * s->stride_height - s->padding_top + r;
    bool inside = y >= 0 && y < s->input_height;
    int64_t row = y * s->input_width;
    for (int64_t group = 0; group * run < z->columns; group++)
      for (int64_t c = 0; c < run; c++, to += z->inputs) {
        int64_t x = group * z->stride + c - s->padding_left, next = x + s->stride_width;
        word w = {
          (row + x) * s->input_channels, (row + next) * s->input_channels, inside && x >= 0 && x < s->input_width,
          type == KERNELS_BFLOAT16 && inside && next >= 0 && next < s->input_width};
        write_words(type, image, w, s->input_channels, z->inputs, to);
      }
  }
}

/// Adds the products of a word's pixels to their sums.
AVX512_INLINED __m512 add_products(const bool PAIRS, __m512 sum, __m512i x, __m512i dy) {
  return PAIRS ? _mm512_dpbf16_ps(sum, (__m512bh)x, (__m512bh)dy)
               : _mm512_fmadd_ps(_mm512_castsi512_ps(x), _mm512_castsi512_ps(dy), sum);
}

/// The words of some rows of the output's gradient, [blocks][rows][words][outputs of a block].
AVX512_INLINED void write_gradient(
  kernels_type type, const kernels_convolution *s, const sizes *z, const void *gradient, int64_t first_row,
  int64_t rows, uint32_t *to) {
  int64_t width = z->vectors * LANES;
  for (int64_t block = 0; block < z->blocks; block++) {
    uint32_t *words = to + block * z->rows * z->words * width;
    int64_t channels = s->output_channels - block * width;
    int64_t place = first_row * s->output_width * s->output_channels + block * width;
    for (int64_t r = 0; r < rows; r++, place += s->output_width * s->output_channels) {
      word w = {place, place + s->output_channels, true, type == KERNELS_BFLOAT16};
      for (int64_t k = 0; k < z->words; k++, words += width) {
        if (z->pixels * (k + 1) > s->output_width) w.has_second = false;
        write_words(type, gradient, w, channels < width ? channels : width, width, words);
        w.first += z->pixels * s->output_channels;
        w.second += z->pixels * s->output_channels;
      }
    }
  }
}

/// Adds the pixels of a block's words to its bias's gradient.
AVX512_INLINED void add_bias(kernels_type type, const uint32_t *words, int64_t count, int64_t width, float *bias) {
  const __m512i ones = _mm512_set1_epi32(type == KERNELS_BFLOAT16 ? 0x3f803f80 : 0x3f800000);
  const bool pairs = type == KERNELS_BFLOAT16;
  for (int64_t v = 0; v < width; v += LANES) {
    // Every other word has a sum of its own, so that none waits for the one before.
    __m512 even = _mm512_loadu_ps(bias + v), odd = _mm512_setzero_ps();
    for (int64_t k = 0; k < count; k += 2) {
      even = add_products(pairs, even, _mm512_loadu_si512(words + k * width + v), ones);
      if (k + 1 < count) odd = add_products(pairs, odd, _mm512_loadu_si512(words + (k + 1) * width + v), ones);
    }
    _mm512_storeu_ps(bias + v, _mm512_add_ps(even, odd));
  }
}

/// Adds some rows' share to the sums of one tap, one tile of inputs and one block of outputs, [tile][VECTORS * LANES].
/// Neighbouring words are `word_step` words apart in the input, rows `row_step`.
AVX512_INLINED void add_rows(
  const bool PAIRS, const int VECTORS, const int TILE, const uint32_t *input, int64_t word_step, int64_t row_step,
  const uint32_t *gradient, int64_t rows, int64_t words, float *sums) {
  __m512 sum[24];
#pragma clang loop unroll(full)
  for (int i = 0; i < TILE * VECTORS; i++) sum[i] = _mm512_loadu_ps(sums + i * LANES);
  for (int64_t r = 0; r < rows; r++, input += row_step) {
    const uint32_t *x = input;
    for (int64_t k = 0; k < words; k++, x += word_step, gradient += VECTORS * LANES) {
      __m512i dy[MOST_VECTORS];
#pragma clang loop unroll(full)
      for (int v = 0; v < VECTORS; v++) dy[v] = _mm512_loadu_si512(gradient + v * LANES);
#pragma clang loop unroll(full)
      for (int i = 0; i < TILE; i++) {
        __m512i all = _mm512_set1_epi32((int)x[i]);
#pragma clang loop unroll(full)
        for (int v = 0; v < VECTORS; v++)
          sum[i * VECTORS + v] = add_products(PAIRS, sum[i * VECTORS + v], all, dy[v]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < TILE * VECTORS; i++) _mm512_storeu_ps(sums + i * LANES, sum[i]);
}

typedef void adder(
  const uint32_t *input, int64_t word_step, int64_t row_step, const uint32_t *gradient, int64_t rows,
  int64_t words, float *sums);

#define ADDER(KIND, PAIRS, VECTORS, TILE)                                                             \
  AVX512 static void add_##KIND##_##VECTORS##_##TILE(                                                 \
    const uint32_t *input, int64_t word_step, int64_t row_step, const uint32_t *gradient, int64_t rows, \
    int64_t words, float *sums) {                                                                     \
    add_rows(PAIRS, VECTORS, TILE, input, word_step, row_step, gradient, rows, words, sums);          \
  }

/// The adders of a kind, and the function that chooses among them.
#define ADDERS(KIND, PAIRS)                                                                                    \
  ADDER(KIND, PAIRS, 1, 24)                                                                                    \
  ADDER(KIND, PAIRS, 1, 16)                                                                                    \
  ADDER(KIND, PAIRS, 1, 8)                                                                                     \
  ADDER(KIND, PAIRS, 2, 12)                                                                                    \
  ADDER(KIND, PAIRS, 2, 8)                                                                                     \
  ADDER(KIND, PAIRS, 3, 8)                                                                                     \
  ADDER(KIND, PAIRS, 4, 6)                                                                                     \
  ADDER(KIND, PAIRS, 4, 4)                                                                                     \
  ADDER(KIND, PAIRS, 5, 4)                                                                                     \
  ADDER(KIND, PAIRS, 6, 4)                                                                                     \
  static adder *adder_of_##KIND(const sizes *z) {                                                              \
    switch (z->vectors) {                                                                                      \
      case 1: return z->tile == 24 ? add_##KIND##_1_24 : z->tile == 16 ? add_##KIND##_1_16 : add_##KIND##_1_8; \
      case 2: return z->tile == 12 ? add_##KIND##_2_12 : add_##KIND##_2_8;                                     \
      case 3: return add_##KIND##_3_8;                                                                         \
      case 4: return z->tile == 6 ? add_##KIND##_4_6 : add_##KIND##_4_4;                                       \
      case 5: return add_##KIND##_5_4;                                                                         \
      default: return add_##KIND##_6_4;                                                                        \
    }                                                                                                          \
  }

ADDERS(pairs, true)
ADDERS(floats, false)

/// The sums, [taps][blocks][inputs][outputs of a block], in the weights' order, [outputs][inputs][taps].
AVX512 static void unpack(const kernels_convolution *s, const sizes *z, const float *sums, float *weights) {
  int64_t taps = s->kernel_height * s->kernel_width, width = z->vectors * LANES, row = s->input_channels * taps;
  int64_t step = z->blocks * z->inputs * width;
  for (int64_t block = 0; block < z->blocks; block++)
    for (int64_t v = 0; v < z->vectors; v++) {
      int64_t first = block * width + v * LANES, outputs = s->output_channels - first;
      const float *from = sums + block * z->inputs * width + v * LANES;
      // 16 outputs by 16 neighbours of a row of weights, tap after tap.
      for (int64_t start = 0, input = 0, tap = 0; start < row; start += LANES) {
        __m512i words[LANES];
        for (int i = 0; i < LANES; i++) {
          words[i] = start + i < row ? _mm512_loadu_si512(from + tap * step + input * width) : _mm512_setzero_si512();
          if (++tap == taps) tap = 0, input++;
        }
        transpose(words);
        for (int lane = 0; lane < LANES && lane < outputs; lane++)
          store_words(weights + (first + lane) * row + start, row - start, words[lane]);
      }
    }
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

AVX512_INLINED void ask(reading *r) {
  for (int64_t i = 0; i < r->share; i += 64) _mm_prefetch(r->next + i, _MM_HINT_T1);
  r->next += r->share;
}

/// Adds one image's share to the sums of all weights and of the bias. While the processor multiplies, the next rows come: they
/// lie in no cache, and take a fifth of the time otherwise.
AVX512_INLINED void add_image(
  kernels_type type, const kernels_convolution *s, const sizes *z, const places *p, const void *image,
  const void *gradient, float *scratch) {
  uint32_t *inputs = (uint32_t *)scratch + p->input, *gradients = (uint32_t *)scratch + p->gradient;
  int64_t width = z->vectors * LANES, taps = s->kernel_height * s->kernel_width;
  adder *add = type == KERNELS_BFLOAT16 ? adder_of_pairs(z) : adder_of_floats(z);
  int64_t calls = taps * z->blocks * (z->inputs / z->tile);
  int64_t input_row = s->stride_height * s->input_width * s->input_channels * kernels_size(type);
  int64_t gradient_row = s->output_width * s->output_channels * kernels_size(type);
  for (int64_t row = 0; row < s->output_height; row += z->rows) {
    int64_t rows = s->output_height - row < z->rows ? s->output_height - row : z->rows;
    write_input(type, s, z, image, row, inputs);
    write_gradient(type, s, z, gradient, row, rows, gradients);
    for (int64_t block = 0; block < z->blocks; block++)
      add_bias(
        type, gradients + block * z->rows * z->words * width, rows * z->words, width, scratch + p->bias + block * width);
    reading of_input = reading_after((const char *)image + row * input_row, rows * input_row, calls);
    reading of_gradient = reading_after((const char *)gradient + row * gradient_row, rows * gradient_row, calls);
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

/// Each type has code of its own.
AVX512 static void add_images(
  const kernels_convolution *s, const sizes *z, const places *p, const void *input, const void *gradient,
  float *scratch) {
  int64_t image = s->input_height * s->input_width * s->input_channels;
  int64_t of_image = s->output_height * s->output_width * s->output_channels;
  for (int64_t n = 0; n < s->batch; n++)
    if (s->type == KERNELS_BFLOAT16)
      add_image(
        KERNELS_BFLOAT16, s, z, p, (const uint16_t *)input + n * image, (const uint16_t *)gradient + n * of_image,
        scratch);
    else
      add_image(
        KERNELS_FLOAT32, s, z, p, (const float *)input + n * image, (const float *)gradient + n * of_image, scratch);
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
  memset(sums, 0, (size_t)(p.input - p.sums) * 4);
  add_images(s, &z, &p, input, output_gradient, scratch);
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
