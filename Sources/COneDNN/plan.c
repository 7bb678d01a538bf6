#define _POSIX_C_SOURCE 200809L  // clock_gettime

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "plan.h"

/// libgomp's stable entries; <omp.h> is not on every compiler's path.
extern int omp_get_max_threads(void);
extern int omp_in_parallel(void);
extern void omp_set_num_threads(int);

/// A plan without a primitive, for so many threads (0: all that the caller has).
static int create_empty(onednn_plan **out, int threads) {
  *out = NULL;
  onednn_plan *plan = calloc(1, sizeof *plan);
  if (!plan) return onednn_fail("plan", dnnl_out_of_memory);
  plan->threads = threads > 0 ? threads : omp_in_parallel() ? 1 : omp_get_max_threads();
  dnnl_status_t status =
    dnnl_stream_create(&plan->stream, onednn_engine(), dnnl_stream_default_flags);
  if (status != dnnl_success) {
    free(plan);
    return onednn_fail("stream", status);
  }
  *out = plan;
  return 0;
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
    // Zeros: the bfloat16 gradient of weights multiplies parts that it never wrote by zero.
    plan->scratch = onednn_allocate(size);
    if (!plan->scratch) return onednn_fail("scratchpad", dnnl_out_of_memory);
    dnnl_memory_set_data_handle(plan->scratchpad, plan->scratch);
  }
  return 0;
}

int onednn_threads_enter(const onednn_plan *plan, int *saved) {
  *saved = omp_get_max_threads();
  // The work is divided among the plan's threads already: with fewer, part of it would be left undone.
  if (plan->threads > 1 && omp_in_parallel())
    return onednn_fail("plan for several threads inside a parallel run", dnnl_invalid_arguments);
  if (*saved != plan->threads) omp_set_num_threads(plan->threads);
  return 0;
}

void onednn_threads_leave(int saved) {
  if (saved != omp_get_max_threads()) omp_set_num_threads(saved);
}

/// One description at a time: oneDNN below 3.1 keeps a convolution's block of input channels in a variable of the whole
/// process while it chooses among blockings, so two that are described at once, of float32 and of bfloat16, spoil each other.
static pthread_mutex_t describing = PTHREAD_MUTEX_INITIALIZER;

int onednn_plan_make(
  onednn_plan **out, int threads, int (*build)(onednn_plan *, const void *), const void *wanted) {
  *out = NULL;
  onednn_plan *plan;
  int saved;
  if (create_empty(&plan, threads)) return 1;
  int failed = onednn_threads_enter(plan, &saved);
  if (!failed) {
    pthread_mutex_lock(&describing);
    failed = build(plan, wanted);
    pthread_mutex_unlock(&describing);
    onednn_threads_leave(saved);
  }
  if (failed) {
    onednn_plan_free(plan);
    return 1;
  }
  *out = plan;
  return 0;
}

static int64_t monotonic_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

size_t onednn_plan_packed_size(const onednn_plan *plan) { return plan->packed_size; }

int onednn_plan_pack(onednn_plan *plan, const float *weights, void *packed) {
  if (!plan->pack.primitive || plan->unpacked_gradient)
    return onednn_fail("pack for a plan without packed weights", dnnl_invalid_arguments);
  int saved;
  if (onednn_threads_enter(plan, &saved)) return 1;
  int64_t start = monotonic_nanoseconds();
  int failed = onednn_reorder_run(&plan->pack, plan->stream, weights, packed);
  plan->statistics.copying_nanoseconds += monotonic_nanoseconds() - start;
  onednn_threads_leave(saved);
  return failed;
}

static int execute(
  onednn_plan *plan, const void *source, const void *weights, const float *bias, void *destination) {
  dnnl_memory_set_data_handle(plan->source, (void *)(uintptr_t)source);
  dnnl_memory_set_data_handle(plan->weights, (void *)(uintptr_t)weights);
  dnnl_memory_set_data_handle(plan->destination, destination);
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
  dnnl_status_t status = dnnl_primitive_execute(plan->primitive, plan->stream, count, arguments);
  plan->statistics.nanoseconds += monotonic_nanoseconds() - start;
  plan->statistics.runs += 1;
  return status == dnnl_success ? 0 : onednn_fail("run", status);
}

/// The primitive with the copies before and after it.
static int run(
  onednn_plan *plan, const void *source, const void *weights, const float *bias, void *destination) {
  void *written = plan->unpacked_gradient          ? plan->unpacked_gradient
                  : plan->destination_stage.memory ? plan->destination_stage.memory
                                                   : destination;
  if (plan->source_stage.memory) {
    if (onednn_stage_in(&plan->source_stage, plan->stream, source)) return 1;
    source = plan->source_stage.memory;
  }
  if (execute(plan, source, weights, bias, written)) return 1;
  if (plan->unpacked_gradient)
    return onednn_reorder_run(&plan->pack, plan->stream, written, destination);
  if (plan->destination_stage.memory)
    return onednn_stage_out(&plan->destination_stage, plan->stream, destination);
  return 0;
}

int onednn_plan_run(
  onednn_plan *plan, const void *source, const void *weights, const float *bias, void *destination) {
  if (!source || !weights || !destination || (plan->bias && !bias))
    return onednn_fail("run with a null argument", dnnl_invalid_arguments);
  int saved;
  if (onednn_threads_enter(plan, &saved)) return 1;
  int64_t start = monotonic_nanoseconds(), inside = plan->statistics.nanoseconds;
  int failed = run(plan, source, weights, bias, destination);
  int64_t spent = monotonic_nanoseconds() - start;
  plan->statistics.copying_nanoseconds += spent - (plan->statistics.nanoseconds - inside);
  onednn_threads_leave(saved);
  return failed;
}

onednn_statistics onednn_plan_statistics(const onednn_plan *plan) { return plan->statistics; }

int onednn_plan_threads(const onednn_plan *plan) { return plan->threads; }

const char *onednn_plan_implementation(const onednn_plan *plan) {
  const_dnnl_primitive_desc_t description;
  const char *name = NULL;
  if (dnnl_primitive_get_primitive_desc(plan->primitive, &description) != dnnl_success) return "";
  dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, (void *)&name);
  return name ? name : "";
}

void onednn_plan_free(onednn_plan *plan) {
  if (!plan) return;
  dnnl_memory_t memories[] = {
    plan->source, plan->weights, plan->bias, plan->destination, plan->scratchpad};
  for (size_t i = 0; i < sizeof memories / sizeof *memories; i++)
    if (memories[i]) dnnl_memory_destroy(memories[i]);
  if (plan->primitive) dnnl_primitive_destroy(plan->primitive);
  onednn_reorder_free(&plan->pack);
  onednn_stage_free(&plan->source_stage);
  onednn_stage_free(&plan->destination_stage);
  dnnl_stream_destroy(plan->stream);
  free(plan->scratch);
  free(plan->unpacked_gradient);
  free(plan);
}
