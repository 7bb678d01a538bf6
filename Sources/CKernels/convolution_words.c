/// Pixels side by side, as the processor multiplies them.
#include "convolution_private.h"

#ifdef HAS_AVX512_KERNELS

/// Channels of one pixel, a word each.
AVX512_INLINED __m512i load_words(kernels_type type, const void *from, int64_t place, __mmask16 lanes) {
  if (type == KERNELS_FLOAT32) return _mm512_castps_si512(load_floats((const float *)from + place, lanes));
  return load_halves((const uint16_t *)from + place, lanes);
}

/// The pairs of two pixels' 32 channels, straight from memory.
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
    store_words(to + c, lanes_of(width - c), words);
  }
}

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

/// Each type has code of its own.
AVX512 void convolution_write_input(
  const kernels_convolution *s, const sizes *z, const void *image, int64_t first_row, uint32_t *to) {
  if (s->type == KERNELS_BFLOAT16)
    write_input(KERNELS_BFLOAT16, s, z, image, first_row, to);
  else
    write_input(KERNELS_FLOAT32, s, z, image, first_row, to);
}

AVX512 void convolution_write_gradient(
  const kernels_convolution *s, const sizes *z, const void *gradient, int64_t first_row, int64_t rows, uint32_t *to) {
  if (s->type == KERNELS_BFLOAT16)
    write_gradient(KERNELS_BFLOAT16, s, z, gradient, first_row, rows, to);
  else
    write_gradient(KERNELS_FLOAT32, s, z, gradient, first_row, rows, to);
}

#endif
