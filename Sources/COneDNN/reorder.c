#include <stdlib.h>

#include "plan.h"

/// A scratchpad of its own: the library's belongs to the thread that made the primitive, and another's is too small or absent.
static int add_scratchpad(reorder *copy, const_dnnl_primitive_desc_t description) {
  layout_reference wanted = dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
  size_t size = dnnl_memory_desc_get_size(wanted);
  if (size && !(copy->scratch = onednn_allocate(size)))
    return onednn_fail("scratchpad of a reorder", dnnl_out_of_memory);
  dnnl_status_t status =
    dnnl_memory_create(&copy->scratchpad, wanted, onednn_engine(), copy->scratch);
  return status == dnnl_success ? 0 : onednn_fail("reorder", status);
}

int onednn_reorder_create(reorder *out, layout_reference from, layout_reference to) {
  dnnl_primitive_attr_t attributes;
  if (onednn_attributes(&attributes, false)) return 1;
  dnnl_primitive_desc_t description = NULL;
  dnnl_engine_t engine = onednn_engine();
  dnnl_status_t status =
    dnnl_reorder_primitive_desc_create(&description, from, engine, to, engine, attributes);
  dnnl_primitive_attr_destroy(attributes);
  if (status == dnnl_success) status = dnnl_primitive_create(&out->primitive, description);
  int failed = status == dnnl_success && add_scratchpad(out, description);
  if (description) dnnl_primitive_desc_destroy(description);
  if (failed) return 1;
  if (status == dnnl_success)
    status = dnnl_memory_create(&out->from, from, engine, DNNL_MEMORY_NONE);
  if (status == dnnl_success) status = dnnl_memory_create(&out->to, to, engine, DNNL_MEMORY_NONE);
  return status == dnnl_success ? 0 : onednn_fail("reorder", status);
}

int onednn_reorder_run(const reorder *copy, dnnl_stream_t stream, const void *from, void *to) {
  dnnl_memory_set_data_handle(copy->from, (void *)(uintptr_t)from);
  dnnl_memory_set_data_handle(copy->to, to);
  dnnl_exec_arg_t arguments[] = {
    {DNNL_ARG_FROM, copy->from},
    {DNNL_ARG_TO, copy->to},
    {DNNL_ARG_SCRATCHPAD, copy->scratchpad},
  };
  dnnl_status_t status = dnnl_primitive_execute(copy->primitive, stream, 3, arguments);
  return status == dnnl_success ? 0 : onednn_fail("reorder", status);
}

void onednn_reorder_free(reorder *copy) {
  if (copy->from) dnnl_memory_destroy(copy->from);
  if (copy->to) dnnl_memory_destroy(copy->to);
  if (copy->scratchpad) dnnl_memory_destroy(copy->scratchpad);
  if (copy->primitive) dnnl_primitive_destroy(copy->primitive);
  free(copy->scratch);
}
