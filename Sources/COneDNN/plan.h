/// Private to COneDNN: what a plan holds, and the differences between oneDNN's 2.x and 3.x interfaces.
#pragma once
#include <oneapi/dnnl/dnnl.h>

#include "COneDNN.h"

#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t layout;  // owned pointer
typedef const_dnnl_memory_desc_t layout_reference;
#define REFERENCE(owned) (owned)
#else
typedef dnnl_memory_desc_t layout;  // plain value
typedef const dnnl_memory_desc_t *layout_reference;
#define REFERENCE(owned) (&(owned))
#endif

/// A copy from one layout to another, across types too.
typedef struct {
  dnnl_primitive_t primitive;
  dnnl_memory_t from, to, scratchpad;
  void *scratch;
} reorder;

/// The input of a convolution, or its gradient, with other borders than the caller's: see stage.c.
typedef struct {
  /// Null where the caller's own memory serves.
  void *memory;
  reorder copy;
  /// Whether any pixel is both in the caller's image and in the stage, and its first byte in either.
  bool overlaps;
  size_t image_offset, stage_offset;
  /// Bytes of the caller's image.
  size_t image_size;
} stage;

struct onednn_plan {
  dnnl_primitive_t primitive;
  /// The plan's own: a stream's state is not shared between threads.
  dnnl_stream_t stream;
  dnnl_memory_t source, weights, bias, destination, scratchpad;
  /// Which execution argument each memory is, in the order above.
  int source_argument, weights_argument, bias_argument, destination_argument;
  /// Threads that the primitive and its scratchpad were made for.
  int threads;
  /// Dense float32 weights to packed ones, or for a gradient of weights the other way.
  reorder pack;
  void *scratch, *unpacked_gradient;
  size_t packed_size;
  /// At most one of them is in use.
  stage source_stage, destination_stage;
  onednn_statistics statistics;
};

dnnl_engine_t onednn_engine(void);
int onednn_fail(const char *what, dnnl_status_t status);

dnnl_data_type_t onednn_data_type(onednn_type type);
int onednn_dense_layout(
  layout *out, int rank, const dnnl_dims_t sizes, const dnnl_dims_t strides, dnnl_data_type_t type);
int onednn_any_layout(layout *out, int rank, const dnnl_dims_t sizes, dnnl_data_type_t type);
void onednn_free_layout(layout *owned);

/// 64-byte aligned zeros, to be given back with `free`.
void *onednn_allocate(size_t size);

/// Attributes with a scratchpad of the caller's and, where asked, a sum into the destination.
int onednn_attributes(dnnl_primitive_attr_t *out, bool accumulate);

/// A plan for so many threads (0: all that the caller has), as `build` fills it in for what is wanted.
int onednn_plan_make(
  onednn_plan **out, int threads, int (*build)(onednn_plan *, const void *), const void *wanted);

/// Builds the primitive, its memories and its scratchpad out of a finished description.
int onednn_plan_build(
  onednn_plan *plan, dnnl_primitive_desc_t description, dnnl_query_t source, int source_argument,
  dnnl_query_t weights, int weights_argument, bool bias, dnnl_query_t bias_query, int bias_argument,
  dnnl_query_t destination, int destination_argument);

int onednn_reorder_create(reorder *out, layout_reference from, layout_reference to);
int onednn_reorder_run(const reorder *copy, dnnl_stream_t stream, const void *from, void *to);
void onednn_reorder_free(reorder *copy);

/// The shape that oneDNN is to see: borders that it refuses or is slow at become part of the input.
onednn_convolution onednn_staged_shape(const onednn_convolution *shape, bool backward_weights);

/// Prepares the copy between the caller's image and the stage; does nothing where both have one shape.
/// `inward` for an input, false for the gradient of one.
int onednn_stage_create(
  stage *out, const onednn_convolution *shape, const onednn_convolution *staged,
  dnnl_data_type_t type, bool inward);
int onednn_stage_in(const stage *s, dnnl_stream_t stream, const void *image);
int onednn_stage_out(const stage *s, dnnl_stream_t stream, void *image);
void onednn_stage_free(stage *s);

/// Lets oneDNN see the plan's number of threads until `onednn_threads_leave` is given `saved`.
int onednn_threads_enter(const onednn_plan *plan, int *saved);
void onednn_threads_leave(int saved);
