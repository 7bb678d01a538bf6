#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/// libgomp's stable entries; <omp.h> is not on every compiler's path.
extern int omp_get_max_threads(void);
extern void omp_set_num_threads(int);

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
  // Constructed once, before any second thread can ask: dispatch by the loader, not by a lock.
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

dnnl_stream_t onednn_stream(void) {
  static _Thread_local dnnl_stream_t stream;
  if (!stream) dnnl_stream_create(&stream, onednn_engine(), dnnl_stream_default_flags);
  return stream;
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

static int memory_for(
  dnnl_memory_t *out, dnnl_primitive_desc_t description, dnnl_query_t query, int index) {
  layout_reference queried = dnnl_primitive_desc_query_md(description, query, index);
  if (!queried) return onednn_fail("layout query", dnnl_runtime_error);
  dnnl_status_t status = dnnl_memory_create(out, queried, onednn_engine(), DNNL_MEMORY_NONE);
  return status == dnnl_success ? 0 : onednn_fail("memory", status);
}

int onednn_plan_build(
  onednn_plan *plan, dnnl_primitive_desc_t description, dnnl_query_t source, int source_argument,
  dnnl_query_t weights, int weights_argument, bool bias, dnnl_query_t bias_query, int bias_argument,
  dnnl_query_t destination, int destination_argument) {
  dnnl_status_t status = dnnl_primitive_create(&plan->primitive, description);
  if (status != dnnl_success) return onednn_fail("primitive", status);
  plan->source_argument = source_argument;
  plan->weights_argument = weights_argument;
  plan->bias_argument = bias_argument;
  plan->destination_argument = destination_argument;
  if (memory_for(&plan->source, description, source, 0)) return 1;
  if (memory_for(&plan->weights, description, weights, 0)) return 1;
  if (bias && memory_for(&plan->bias, description, bias_query, 1)) return 1;
  if (memory_for(&plan->destination, description, destination, 0)) return 1;
  if (memory_for(&plan->scratchpad, description, dnnl_query_scratchpad_md, 0)) return 1;
  size_t size = dnnl_memory_desc_get_size(
    dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0));
  if (size) {
    plan->scratch = aligned_alloc(64, (size + 63) / 64 * 64);
    if (!plan->scratch) return onednn_fail("scratchpad", dnnl_out_of_memory);
    dnnl_memory_set_data_handle(plan->scratchpad, plan->scratch);
  }
  return 0;
}

int onednn_plan_reorder(onednn_plan *plan, layout_reference from, layout_reference to) {
  dnnl_primitive_desc_t description = NULL;
  dnnl_engine_t engine = onednn_engine();
  dnnl_status_t status =
    dnnl_reorder_primitive_desc_create(&description, from, engine, to, engine, NULL);
  if (status == dnnl_success) status = dnnl_primitive_create(&plan->reorder, description);
  if (description) dnnl_primitive_desc_destroy(description);
  if (status == dnnl_success) status = dnnl_memory_create(&plan->reorder_from, from, engine, DNNL_MEMORY_NONE);
  if (status == dnnl_success) status = dnnl_memory_create(&plan->reorder_to, to, engine, DNNL_MEMORY_NONE);
  return status == dnnl_success ? 0 : onednn_fail("reorder", status);
}

int onednn_threads_enter(int threads) {
  int saved = omp_get_max_threads();
  if (threads > 0) omp_set_num_threads(threads);
  return saved;
}

void onednn_threads_leave(int saved) { omp_set_num_threads(saved); }

size_t onednn_plan_packed_size(const onednn_plan *plan) { return plan->packed_size; }

static int run_reorder(onednn_plan *plan, const void *from, void *to) {
  dnnl_memory_set_data_handle(plan->reorder_from, (void *)(uintptr_t)from);
  dnnl_memory_set_data_handle(plan->reorder_to, to);
  dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, plan->reorder_from}, {DNNL_ARG_TO, plan->reorder_to}};
  dnnl_status_t status = dnnl_primitive_execute(plan->reorder, onednn_stream(), 2, arguments);
  return status == dnnl_success ? 0 : onednn_fail("reorder", status);
}

int onednn_plan_pack(onednn_plan *plan, const float *weights, void *packed) {
  if (!plan->reorder || plan->unpacked_gradient) return onednn_fail("pack", dnnl_invalid_arguments);
  return run_reorder(plan, weights, packed);
}

static int64_t monotonic_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int onednn_plan_run(
  onednn_plan *plan, const void *source, const void *weights, const float *bias, void *destination) {
  dnnl_memory_set_data_handle(plan->source, (void *)(uintptr_t)source);
  dnnl_memory_set_data_handle(plan->weights, (void *)(uintptr_t)weights);
  dnnl_memory_set_data_handle(
    plan->destination, plan->unpacked_gradient ? plan->unpacked_gradient : destination);
  dnnl_exec_arg_t arguments[5] = {
    {plan->source_argument, plan->source},
    {plan->weights_argument, plan->weights},
    {plan->destination_argument, plan->destination},
    {DNNL_ARG_SCRATCHPAD, plan->scratchpad},
  };
  int count = 4;
  if (plan->bias) {
    dnnl_memory_set_data_handle(plan->bias, (void *)(uintptr_t)bias);
    arguments[count++] = (dnnl_exec_arg_t){plan->bias_argument, plan->bias};
  }
  int64_t start = monotonic_nanoseconds();
  dnnl_status_t status = dnnl_primitive_execute(plan->primitive, onednn_stream(), count, arguments);
  plan->nanoseconds += monotonic_nanoseconds() - start;
  plan->runs += 1;
  if (status != dnnl_success) return onednn_fail("run", status);
  return plan->unpacked_gradient ? run_reorder(plan, plan->unpacked_gradient, destination) : 0;
}

void onednn_plan_statistics(const onednn_plan *plan, int64_t *nanoseconds, int64_t *runs) {
  *nanoseconds = plan->nanoseconds;
  *runs = plan->runs;
}

void onednn_plan_free(onednn_plan *plan) {
  if (!plan) return;
  dnnl_memory_t memories[] = {plan->source,     plan->weights,      plan->bias,      plan->destination,
                              plan->scratchpad, plan->reorder_from, plan->reorder_to};
  for (size_t i = 0; i < sizeof memories / sizeof *memories; i++)
    if (memories[i]) dnnl_memory_destroy(memories[i]);
  if (plan->primitive) dnnl_primitive_destroy(plan->primitive);
  if (plan->reorder) dnnl_primitive_destroy(plan->reorder);
  free(plan->scratch);
  free(plan->unpacked_gradient);
  free(plan);
}
