/// The borders of a convolution's input.
///
/// oneDNN takes no negative padding (rows of the input that are not read); where a window sees nothing but
/// padding it has no fast kernel, and 2.6 is wrong there with AVX-512; and it is slow at a gradient of
/// weights with rows of padding beyond half the kernel. Causal convolutions want all three. They go through a copy
/// of the input, the stage, that lacks the rows not read and holds the surplus padding as zeros; a gradient
/// comes back the same way.
#include <stdlib.h>
#include <string.h>

#include "plan.h"

static int64_t clamp(int64_t value, int64_t least, int64_t most) {
  return value < least ? least : value > most ? most : value;
}

/// One dimension: turns padding beyond `most` into input, and padding below `least` into less input.
static void stage_dimension(
  int64_t *input, int64_t *before, int64_t output, int64_t stride, int64_t extent, int64_t dilation,
  int64_t least, int64_t most) {
  int64_t needed = (output - 1) * stride + extent;
  int64_t after = needed - *input - *before;
  int64_t kept_before = clamp(*before, 0, most), kept_after = clamp(after, least, most);
  if (needed - kept_before - kept_after < dilation && extent > 1) {
    // A whole input between two of a window's rows is a window of nothing but padding, too.
    kept_before = 0;
    kept_after = clamp(after, least, 0);
  }
  *input = needed - kept_before - kept_after;
  *before = kept_before;
}

onednn_convolution onednn_staged_shape(const onednn_convolution *shape, bool backward_weights) {
  onednn_convolution s = *shape;
  int64_t height = (s.kernel_height - 1) * s.dilation_height + 1;
  int64_t width = (s.kernel_width - 1) * s.dilation_width + 1;
  // Rows after the last window, fewer than the stride, are no trouble, but for kernels of one tap: AVX2's
  // gradient of weights writes past its memory.
  bool one_tap = s.kernel_height == 1 && s.kernel_width == 1;
  stage_dimension(
    &s.input_height, &s.padding_top, s.output_height, s.stride_height, height, s.dilation_height,
    one_tap ? 0 : 1 - s.stride_height, backward_weights ? height / 2 : height - 1);
  stage_dimension(
    &s.input_width, &s.padding_left, s.output_width, s.stride_width, width, s.dilation_width,
    one_tap ? 0 : 1 - s.stride_width, width - 1);
  return s;
}

/// The part of one dimension that image and stage share.
typedef struct {
  int64_t image_start, stage_start, count;
} overlap;

static overlap shared(int64_t image, int64_t padding, int64_t staged, int64_t staged_padding) {
  int64_t shift = padding - staged_padding;
  int64_t start = shift < 0 ? -shift : 0;
  int64_t end = image < staged - shift ? image : staged - shift;
  return (overlap){start, start + shift, end > start ? end - start : 0};
}

/// A window of `rows` x `columns` pixels in images of `height` x `width`.
static int window(
  layout *out, const onednn_convolution *s, int64_t rows, int64_t columns, dnnl_data_type_t type) {
  dnnl_dims_t sizes = {s->batch, s->input_channels, rows, columns};
  int64_t row = s->input_width * s->input_channels;
  dnnl_dims_t strides = {s->input_height * row, 1, row, s->input_channels};
  return onednn_dense_layout(out, 4, sizes, strides, type);
}

static size_t pixels(const onednn_convolution *s) {
  return (size_t)(s->batch * s->input_height * s->input_width);
}

int onednn_stage_create(
  stage *out, const onednn_convolution *shape, const onednn_convolution *staged,
  dnnl_data_type_t type, bool inward) {
  if (
    shape->input_height == staged->input_height && shape->padding_top == staged->padding_top
    && shape->input_width == staged->input_width && shape->padding_left == staged->padding_left)
    return 0;
  size_t pixel = (size_t)shape->input_channels * dnnl_data_type_size(type);
  overlap y = shared(
    shape->input_height, shape->padding_top, staged->input_height, staged->padding_top);
  overlap x = shared(
    shape->input_width, shape->padding_left, staged->input_width, staged->padding_left);
  out->overlaps = y.count && x.count;
  out->image_offset = (size_t)(y.image_start * shape->input_width + x.image_start) * pixel;
  out->stage_offset = (size_t)(y.stage_start * staged->input_width + x.stage_start) * pixel;
  out->image_size = pixels(shape) * pixel;
  size_t size = pixels(staged) * pixel;
  // The borders stay zero: only the overlap is ever written.
  out->memory = onednn_allocate(size);
  if (!out->memory) return onednn_fail("stage", dnnl_out_of_memory);
  if (!out->overlaps) return 0;
  layout image = {0}, copy = {0};
  int failed = window(&image, shape, y.count, x.count, type)
               || window(&copy, staged, y.count, x.count, type)
               || onednn_reorder_create(
                 &out->copy, inward ? REFERENCE(image) : REFERENCE(copy),
                 inward ? REFERENCE(copy) : REFERENCE(image));
  onednn_free_layout(&image);
  onednn_free_layout(&copy);
  return failed;
}

int onednn_stage_in(const stage *s, dnnl_stream_t stream, const void *image) {
  if (!s->overlaps) return 0;
  return onednn_reorder_run(
    &s->copy, stream, (const char *)image + s->image_offset, (char *)s->memory + s->stage_offset);
}

int onednn_stage_out(const stage *s, dnnl_stream_t stream, void *image) {
  // What the stage lacks was not read, so its gradient is zero.
  memset(image, 0, s->image_size);
  if (!s->overlaps) return 0;
  return onednn_reorder_run(
    &s->copy, stream, (const char *)s->memory + s->stage_offset, (char *)image + s->image_offset);
}

void onednn_stage_free(stage *s) {
  onednn_reorder_free(&s->copy);
  free(s->memory);
}
