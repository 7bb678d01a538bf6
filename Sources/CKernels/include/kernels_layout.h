/// How the elements of a dense result are found in another tensor: broadcasting, permutation, slicing, flipping.
#pragma once
#include "kernels_convert.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { KERNELS_MAX_AXES = 8 };

/// Sizes of the result's axes, outermost first, and how far apart their elements lie in the source: 0 along
/// a broadcast axis, negative along a flipped one. Start from a zeroed one.
typedef struct {
  int64_t offset;
  int32_t rank;
  int64_t sizes[KERNELS_MAX_AXES];
  int64_t strides[KERNELS_MAX_AXES];
} kernels_layout;

/// Adds an axis inside the present ones, as one with the last where they run on.
void kernels_layout_append(kernels_layout *layout, int64_t size, int64_t stride);

/// A tensor seen through a layout.
typedef struct {
  kernels_type type;
  const void *data;
  kernels_layout layout;
} kernels_view;

/// Writes the `count` elements of the view densely.
void kernels_gather(kernels_view from, kernels_type to_type, void *to, int64_t count);

#ifdef __cplusplus
}
#endif
