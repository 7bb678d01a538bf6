/// How long each kernel ran, for profiles. Nothing is counted until it is switched on.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What one kernel did so far. Time is summed over the threads at work in it.
typedef struct kernels_profile_entry {
  const char *name;
  int64_t nanoseconds, runs, bytes;
  /// The entry listed before it, or null.
  struct kernels_profile_entry *next;
  bool listed;
} kernels_profile_entry;

void kernels_profile_enable(bool enabled);

/// The entry listed last, or null: every kernel that has run since counting was switched on.
const kernels_profile_entry *kernels_profile_entries(void);

#ifdef __cplusplus
}
#endif
