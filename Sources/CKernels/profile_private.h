/// Private to CKernels: how a kernel has itself counted.
#pragma once
#include "kernels_profile.h"

/// One run of a kernel; without an entry where nothing is counted.
typedef struct {
  kernels_profile_entry *entry;
  int64_t bytes, start;
} kernels_span;

kernels_span kernels_span_begin(kernels_profile_entry *entry, int64_t bytes);
void kernels_span_end(kernels_span *span);

/// Tells the span in progress on this thread that so many threads are at work in it.
void kernels_span_threads(int threads);

/// Counts the rest of the function as a run of the kernel that it is, which reads and writes so many bytes.
#define PROFILED(bytes)                                          \
  static kernels_profile_entry profile_entry = {.name = __func__}; \
  kernels_span profile_span __attribute__((cleanup(kernels_span_end), unused)) = \
    kernels_span_begin(&profile_entry, bytes)
