/// The one thread pool: libgomp's, which oneDNN uses too.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Handles the items `begin ..< end`.
typedef void (*kernels_range_body)(void *context, int64_t begin, int64_t end);

/// Splits `0 ..< count` into one run of items a thread. Work below `grain` items a thread stays on the
/// caller's thread, as does everything inside another parallel run.
void kernels_parallel_for(int64_t count, int64_t grain, kernels_range_body body, void *context);

/// Hands `0 ..< count` out one item at a time, for items of unlike or long duration. What an item does stays on
/// its thread, also where there is but one item or one thread.
void kernels_parallel_items(int64_t count, kernels_range_body body, void *context);

void kernels_set_threads(int threads);
int kernels_threads(void);
/// Whether the caller is inside a parallel run, where everything stays on its thread.
int kernels_in_parallel(void);
/// The caller's number inside a parallel run, from 0.
int kernels_thread(void);

#ifdef __cplusplus
}
#endif
