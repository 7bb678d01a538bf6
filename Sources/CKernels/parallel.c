#include "CKernels.h"
#include "profile_private.h"

#include <stdbool.h>

// libgomp's stable entries: clang's own OpenMP would bring a second pool that fights oneDNN's for cores.
extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_get_max_threads(void);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);
extern int omp_in_parallel(void);
extern void omp_set_num_threads(int);

// Whether this thread takes all the items of a run: a team of one is no parallel region to libgomp.
static _Thread_local bool takes_all_items;

typedef struct {
  int64_t count, next;
  kernels_range_body body;
  void *context;
} parallel_run;

static void share(void *data) {
  parallel_run *run = data;
  int64_t threads = omp_get_num_threads(), me = omp_get_thread_num();
  int64_t begin = run->count * me / threads, end = run->count * (me + 1) / threads;
  if (begin < end) run->body(run->context, begin, end);
}

static void take_items(void *data) {
  parallel_run *run = data;
  for (;;) {
    int64_t item = __atomic_fetch_add(&run->next, 1, __ATOMIC_RELAXED);
    if (item >= run->count) return;
    run->body(run->context, item, item + 1);
  }
}

void kernels_parallel_for(int64_t count, int64_t grain, kernels_range_body body, void *context) {
  if (count <= 0) return;
  int64_t threads = kernels_in_parallel() ? 1 : omp_get_max_threads();
  if (grain > 0 && count / grain < threads) threads = count / grain;
  if (threads <= 1) {
    body(context, 0, count);
    return;
  }
  kernels_span_threads((int)threads);
  parallel_run run = {count, 0, body, context};
  GOMP_parallel(share, &run, (unsigned)threads, 0);
}

void kernels_parallel_items(int64_t count, kernels_range_body body, void *context) {
  int64_t threads = kernels_in_parallel() ? 1 : omp_get_max_threads();
  if (count < threads) threads = count;
  if (threads <= 1) {
    // As on many threads, so that rounding does not depend on how many there are.
    bool outer = takes_all_items;
    takes_all_items = true;
    for (int64_t item = 0; item < count; item++) body(context, item, item + 1);
    takes_all_items = outer;
    return;
  }
  parallel_run run = {count, 0, body, context};
  GOMP_parallel(take_items, &run, (unsigned)threads, 0);
}

void kernels_set_threads(int threads) { omp_set_num_threads(threads); }
int kernels_threads(void) { return omp_get_max_threads(); }
int kernels_in_parallel(void) { return takes_all_items || omp_in_parallel(); }
int kernels_thread(void) { return omp_get_thread_num(); }
