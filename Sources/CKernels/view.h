/// Private to CKernels: reading blocks of float32 through a layout.
#pragma once
#include "kernels_private.h"

INLINED void read_run(kernels_type type, const void *data, int64_t start, int64_t stride, int64_t count, float *to) {
  if (stride == 1) {
    load_block(type, data, start, count, to);
  } else if (stride == 0) {
    float value;
    load_block(type, data, start, 1, &value);
    for (int64_t i = 0; i < count; i++) to[i] = value;
  } else if (type == KERNELS_BFLOAT16) {
    const uint16_t *source = (const uint16_t *)data + start;
    for (int64_t i = 0; i < count; i++) to[i] = bfloat16_to_float(source[i * stride]);
  } else {
    const float *source = (const float *)data + start;
    for (int64_t i = 0; i < count; i++) to[i] = source[i * stride];
  }
}

/// Elements `start ..< start + count` of a view: the memory itself where that serves, else copied to `block`.
INLINED const float *view_block(const kernels_view *view, int64_t start, int64_t count, float *block) {
  const kernels_layout *layout = &view->layout;
  int rank = layout->rank;
  if (rank == 0) {
    read_run(view->type, view->data, layout->offset, 0, count, block);
    return block;
  }
  int64_t inner = layout->sizes[rank - 1], stride = layout->strides[rank - 1];
  if (rank == 1) {
    if (stride == 1 && view->type == KERNELS_FLOAT32)
      return (const float *)view->data + layout->offset + start;
    read_run(view->type, view->data, layout->offset + start * stride, stride, count, block);
    return block;
  }
  int64_t place[KERNELS_MAX_AXES], offset = layout->offset, rest = start;
  for (int axis = rank - 1; axis >= 0; axis--) {
    place[axis] = rest % layout->sizes[axis];
    rest /= layout->sizes[axis];
    offset += place[axis] * layout->strides[axis];
  }
  for (int64_t filled = 0; filled < count;) {
    int64_t left = inner - place[rank - 1], n = count - filled < left ? count - filled : left;
    read_run(view->type, view->data, offset, stride, n, block + filled);
    filled += n;
    offset -= place[rank - 1] * stride;
    place[rank - 1] = 0;
    // The next row, as an odometer turns.
    for (int axis = rank - 2; axis >= 0; axis--) {
      offset += layout->strides[axis];
      if (++place[axis] < layout->sizes[axis]) break;
      offset -= layout->sizes[axis] * layout->strides[axis];
      place[axis] = 0;
    }
  }
  return block;
}
