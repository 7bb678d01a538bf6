#define _POSIX_C_SOURCE 200809L  // clock_gettime

#include "profile_private.h"

#include <stddef.h>
#include <time.h>

static bool counting;
static kernels_profile_entry *last_listed;

// A kernel that calls another one is one span; it takes the most threads that any part of it did.
static _Thread_local int depth, threads_of_span;

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

void kernels_profile_enable(bool enabled) { __atomic_store_n(&counting, enabled, __ATOMIC_RELAXED); }

const kernels_profile_entry *kernels_profile_entries(void) {
  return __atomic_load_n(&last_listed, __ATOMIC_ACQUIRE);
}

kernels_span kernels_span_begin(kernels_profile_entry *entry, int64_t bytes) {
  if (!__atomic_load_n(&counting, __ATOMIC_RELAXED)) return (kernels_span){NULL, 0, 0};
  if (depth++ == 0) threads_of_span = 1;
  return (kernels_span){entry, bytes, now()};
}

void kernels_span_threads(int threads) {
  if (threads > threads_of_span) threads_of_span = threads;
}

/// Puts an entry before the others, once.
static void list(kernels_profile_entry *entry) {
  if (__atomic_exchange_n(&entry->listed, true, __ATOMIC_RELAXED)) return;
  entry->next = __atomic_load_n(&last_listed, __ATOMIC_RELAXED);
  while (!__atomic_compare_exchange_n(
    &last_listed, &entry->next, entry, true, __ATOMIC_RELEASE, __ATOMIC_RELAXED)) {
  }
}

void kernels_span_end(kernels_span *span) {
  if (!span->entry || --depth > 0) return;
  int64_t spent = (now() - span->start) * threads_of_span;
  __atomic_fetch_add(&span->entry->nanoseconds, spent, __ATOMIC_RELAXED);
  __atomic_fetch_add(&span->entry->bytes, span->bytes, __ATOMIC_RELAXED);
  __atomic_fetch_add(&span->entry->runs, 1, __ATOMIC_RELAXED);
  list(span->entry);
}
