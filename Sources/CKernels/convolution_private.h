/// Private to the gradient of a convolution's weights.
#pragma once
#include "avx512_private.h"

#ifdef HAS_AVX512_KERNELS

/// Vectors of a block of output channels, at most.
enum { MOST_VECTORS = 6 };

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

/// Writes the words of the rows of an image that some rows of output see, from `first_row` on: [rows][columns][inputs]. A word
/// is 32 bits: a pair of neighbouring pixels' bfloat16 values, the first in the lower half, or one float32 value.
void convolution_write_input(
  const kernels_convolution *s, const sizes *z, const void *image, int64_t first_row, uint32_t *to);

/// Writes the words of some rows of the output's gradient, [blocks][rows][words][outputs of a block].
void convolution_write_gradient(
  const kernels_convolution *s, const sizes *z, const void *gradient, int64_t first_row, int64_t rows, uint32_t *to);

/// Adds some rows' share to the sums of one tap, one tile of inputs and one block of outputs, [tile][outputs of a block].
/// Neighbouring words are `word_step` words apart in the input, rows `row_step`.
typedef void convolution_adder(
  const uint32_t *input, int64_t word_step, int64_t row_step, const uint32_t *gradient, int64_t rows,
  int64_t words, float *sums);

/// The one for these sizes.
convolution_adder *convolution_adder_of(const kernels_convolution *s, const sizes *z);

/// Adds the pixels of `count` words of a block to its bias's gradient.
void convolution_add_bias(
  const kernels_convolution *s, const uint32_t *words, int64_t count, int64_t width, float *bias);

/// Brings the sums, [taps][blocks][inputs][outputs of a block], into the weights' order, [outputs][inputs][taps].
void convolution_unpack(const kernels_convolution *s, const sizes *z, const float *sums, float *weights);

#endif
