#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"

static _Thread_local char message[256];

const char *onednn_last_error(void) { return message; }

int onednn_fail(const char *what, dnnl_status_t status) {
  const char *reason = status == dnnl_out_of_memory   ? "out of memory"
                       : status == dnnl_unimplemented ? "not implemented for these shapes"
                       : status == dnnl_invalid_arguments ? "invalid arguments"
                                                          : "failed";
  snprintf(message, sizeof message, "oneDNN: %s: %s (status %d)", what, reason, (int)status);
  return 1;
}

int onednn_version(void) {
  const dnnl_version_t *version = dnnl_version();
  return version->major * 10000 + version->minor * 100 + version->patch;
}

bool onednn_has_bfloat16(void) {
#if defined(__x86_64__)
  // Instruction sets are bit sets: one that includes AVX512-BF16 has all of its bits.
  unsigned needed = dnnl_cpu_isa_avx512_core_bf16;
  return ((unsigned)dnnl_get_effective_cpu_isa() & needed) == needed;
#else
  return false;
#endif
}

dnnl_engine_t onednn_engine(void) {
  // Made by whoever asks first; the others wait.
  static dnnl_engine_t engine;
  static int state;
  if (__atomic_load_n(&state, __ATOMIC_ACQUIRE) == 2) return engine;
  int expected = 0;
  if (__atomic_compare_exchange_n(&state, &expected, 1, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
    if (dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success) engine = NULL;
    __atomic_store_n(&state, 2, __ATOMIC_RELEASE);
  } else {
    while (__atomic_load_n(&state, __ATOMIC_ACQUIRE) != 2) {}
  }
  return engine;
}

dnnl_data_type_t onednn_data_type(onednn_type type) {
  return type == ONEDNN_BFLOAT16 ? dnnl_bf16 : dnnl_f32;
}

int onednn_dense_layout(
  layout *out, int rank, const dnnl_dims_t sizes, const dnnl_dims_t strides, dnnl_data_type_t type) {
#if DNNL_VERSION_MAJOR >= 3
  dnnl_status_t status = dnnl_memory_desc_create_with_strides(out, rank, sizes, type, strides);
#else
  dnnl_status_t status = dnnl_memory_desc_init_by_strides(out, rank, sizes, type, strides);
#endif
  return status == dnnl_success ? 0 : onednn_fail("memory layout", status);
}

int onednn_any_layout(layout *out, int rank, const dnnl_dims_t sizes, dnnl_data_type_t type) {
#if DNNL_VERSION_MAJOR >= 3
  dnnl_status_t status = dnnl_memory_desc_create_with_tag(out, rank, sizes, type, dnnl_format_tag_any);
#else
  dnnl_status_t status = dnnl_memory_desc_init_by_tag(out, rank, sizes, type, dnnl_format_tag_any);
#endif
  return status == dnnl_success ? 0 : onednn_fail("memory layout", status);
}

void onednn_free_layout(layout *owned) {
#if DNNL_VERSION_MAJOR >= 3
  if (*owned) dnnl_memory_desc_destroy(*owned);
#endif
  memset(owned, 0, sizeof *owned);
}

void *onednn_allocate(size_t size) {
  size_t whole = (size + 63) / 64 * 64;
  void *memory = aligned_alloc(64, whole);
  return memory ? memset(memory, 0, whole) : NULL;
}

int onednn_attributes(dnnl_primitive_attr_t *out, bool accumulate) {
  dnnl_status_t status = dnnl_primitive_attr_create(out);
  if (status != dnnl_success) return onednn_fail("attributes", status);
  status = dnnl_primitive_attr_set_scratchpad_mode(*out, dnnl_scratchpad_mode_user);
  if (status == dnnl_success && accumulate) {
    dnnl_post_ops_t operations;
    status = dnnl_post_ops_create(&operations);
    if (status == dnnl_success) {
#if DNNL_VERSION_MAJOR >= 3
      status = dnnl_post_ops_append_sum(operations, 1.0f, 0, dnnl_data_type_undef);
#else
      status = dnnl_post_ops_append_sum(operations, 1.0f);
#endif
      if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(*out, operations);
      dnnl_post_ops_destroy(operations);
    }
  }
  if (status == dnnl_success) return 0;
  dnnl_primitive_attr_destroy(*out);
  return onednn_fail("attributes", status);
}
