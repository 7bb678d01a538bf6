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

struct onednn_plan {
  dnnl_primitive_t primitive;
  dnnl_memory_t source, weights, bias, destination, scratchpad;
  /// Which execution argument each memory is, in the order above.
  int source_argument, weights_argument, bias_argument, destination_argument;
  /// Dense float32 weights to packed ones, or for a gradient of weights the other way.
  dnnl_primitive_t reorder;
  dnnl_memory_t reorder_from, reorder_to;
  void *scratch, *unpacked_gradient;
  size_t packed_size;
  int64_t nanoseconds, runs;
};

dnnl_engine_t onednn_engine(void);
/// One stream a thread: a stream's state is not shared.
dnnl_stream_t onednn_stream(void);

int onednn_fail(const char *what, dnnl_status_t status);

dnnl_data_type_t onednn_data_type(onednn_type type);
int onednn_dense_layout(layout *out, int rank, const dnnl_dims_t sizes, const dnnl_dims_t strides, dnnl_data_type_t type);
int onednn_any_layout(layout *out, int rank, const dnnl_dims_t sizes, dnnl_data_type_t type);
void onednn_free_layout(layout *owned);

/// Attributes with a scratchpad of the caller's and, where asked, a sum into the destination.
int onednn_attributes(dnnl_primitive_attr_t *out, bool accumulate);

/// Builds the primitive, its memories and its scratchpad out of a finished description.
int onednn_plan_build(
  onednn_plan *plan, dnnl_primitive_desc_t description, dnnl_query_t source, int source_argument,
  dnnl_query_t weights, int weights_argument, bool bias, dnnl_query_t bias_query, int bias_argument,
  dnnl_query_t destination, int destination_argument);

/// Prepares the reorder between the plan's packed layout and a dense float32 one.
int onednn_plan_reorder(
  onednn_plan *plan, layout_reference from, layout_reference to);

/// Runs `body` as though the pool had that many threads (0: as it is).
int onednn_threads_enter(int threads);
void onednn_threads_leave(int saved);
