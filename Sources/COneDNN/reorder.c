#include "plan.h"

int onednn_reorder_create(reorder *out, layout_reference from, layout_reference to) {
  dnnl_primitive_desc_t description = NULL;
  dnnl_engine_t engine = onednn_engine();
  dnnl_status_t status =
    dnnl_reorder_primitive_desc_create(&description, from, engine, to, engine, NULL);
  if (status == dnnl_success) status = dnnl_primitive_create(&out->primitive, description);
  if (description) dnnl_primitive_desc_destroy(description);
  if (status == dnnl_success)
    status = dnnl_memory_create(&out->from, from, engine, DNNL_MEMORY_NONE);
  if (status == dnnl_success) status = dnnl_memory_create(&out->to, to, engine, DNNL_MEMORY_NONE);
  return status == dnnl_success ? 0 : onednn_fail("reorder", status);
}

int onednn_reorder_run(const reorder *copy, dnnl_stream_t stream, const void *from, void *to) {
  dnnl_memory_set_data_handle(copy->from, (void *)(uintptr_t)from);
  dnnl_memory_set_data_handle(copy->to, to);
  dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, copy->from}, {DNNL_ARG_TO, copy->to}};
  dnnl_status_t status = dnnl_primitive_execute(copy->primitive, stream, 2, arguments);
  return status == dnnl_success ? 0 : onednn_fail("reorder", status);
}

void onednn_reorder_free(reorder *copy) {
  if (copy->from) dnnl_memory_destroy(copy->from);
  if (copy->to) dnnl_memory_destroy(copy->to);
  if (copy->primitive) dnnl_primitive_destroy(copy->primitive);
}
