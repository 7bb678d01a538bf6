/// COneDNN: the convolutions and matrix products of oneDNN (2.6 and later, 3.x too) behind opaque plans.
///
/// A plan is one operation on one set of shapes, prepared once and run many times. Every function that
/// can fail returns 0 on success and 1 on failure; `onednn_last_error` then tells why, for this thread.
/// Activations are dense NHWC. Weights come and go as dense float32 in the order [output, input, height,
/// width] and are packed into the plan's own layout and type by `onednn_plan_pack`. A plan may be run by
/// one thread at a time; packed weights may be shared by any number of plans of equal shape.
///
/// A plan made with `threads` = 0 uses all threads that its maker has (1 inside a parallel run), always as
/// many; it must not be run or packed inside a parallel run, which fails. One made with `threads` = 1 may be
/// used anywhere.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { ONEDNN_FLOAT32 = 0, ONEDNN_BFLOAT16 = 1 } onednn_type;

typedef struct onednn_plan onednn_plan;

/// Shapes of a two-dimensional convolution. Dilation 1 means dense. Padding below and to the right
/// follows from the output's size. On any side padding may be negative (rows of the input that are not
/// read; their gradient is zero) or wider than the kernel. Where either is so, and where a gradient of
/// weights has more than half a kernel of rows above or below, the plan keeps a copy of the input.
typedef struct {
  int64_t batch;
  int64_t input_height, input_width, input_channels;
  int64_t output_height, output_width, output_channels;
  int64_t kernel_height, kernel_width;
  int64_t stride_height, stride_width;
  int64_t dilation_height, dilation_width;
  int64_t padding_top, padding_left;
} onednn_convolution;

/// Shapes of `c[rows, columns] = a[rows, inner] b[inner, columns]`, all row-major.
/// A transposed operand is stored the other way round. `*_stride` is the distance between
/// stored rows in elements, 0 for dense.
typedef struct {
  int64_t rows, columns, inner;
  int64_t a_stride, b_stride, c_stride;
  bool transpose_a, transpose_b;
  onednn_type a_type, b_type, c_type;
  /// Adds to what `c` holds instead of overwriting it.
  bool accumulate;
  /// Adds a float32 vector of `columns` values to every row.
  bool bias;
  /// Leaves the layout of `b` to oneDNN: `b` is then given as packed weights.
  bool packed;
} onednn_product;

/// Why the last call of this thread failed.
const char *onednn_last_error(void);

/// The version of the library in use, such as 20603.
int onednn_version(void);

/// Whether this processor computes in bfloat16 itself (AMX or AVX512-BF16).
bool onednn_has_bfloat16(void);

/// output = convolution(input, weights) (+ bias) (+ output when `accumulate`).
/// Arguments of the run: source = input, weights = packed, bias = float32, destination = output.
int onednn_convolution_forward(
  onednn_plan **plan, const onednn_convolution *shape, onednn_type type, bool bias, bool accumulate,
  int threads);

/// Gradient of the input. source = gradient of the output, destination = gradient of the input.
int onednn_convolution_backward_data(
  onednn_plan **plan, const onednn_convolution *shape, onednn_type type, int threads);

/// Gradients of weights and bias. source = input, weights = gradient of the output, destination =
/// float32 gradient of the weights in [output, input, height, width], bias = float32 gradient or null.
int onednn_convolution_backward_weights(
  onednn_plan **plan, const onednn_convolution *shape, onednn_type type, bool bias, int threads);

/// source = a, weights = b (packed where `packed`), bias, destination = c.
int onednn_matrix_product(onednn_plan **plan, const onednn_product *shape, int threads);

/// Bytes that packed weights take.
size_t onednn_plan_packed_size(const onednn_plan *plan);

/// Packs dense float32 weights (a product's `b` in float32 as stored) into `packed`, 64-byte aligned.
int onednn_plan_pack(onednn_plan *plan, const float *weights, void *packed);

int onednn_plan_run(
  onednn_plan *plan, const void *source, const void *weights, const float *bias, void *destination);

/// What all runs of a plan took together.
typedef struct {
  int64_t runs;
  /// Inside the primitive alone.
  int64_t nanoseconds;
  /// Packing weights, unpacking their gradients, and staging.
  int64_t copying_nanoseconds;
} onednn_statistics;

onednn_statistics onednn_plan_statistics(const onednn_plan *plan);

/// Threads that the plan was made for.
int onednn_plan_threads(const onednn_plan *plan);

/// oneDNN's name for the implementation that it chose.
const char *onednn_plan_implementation(const onednn_plan *plan);

void onednn_plan_free(onednn_plan *plan);

#ifdef __cplusplus
}
#endif
