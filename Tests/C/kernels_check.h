/// What the tests of CKernels share: arrays of either element type.
#pragma once
#include "CKernels.h"
#include "check.h"

/// Element i of an array of either type.
static inline double at(kernels_type type, const void *values, int64_t i) {
  return type == KERNELS_BFLOAT16 ? from_bfloat16(((const uint16_t *)values)[i])
                                  : ((const float *)values)[i];
}

static inline size_t width(kernels_type type) { return type == KERNELS_BFLOAT16 ? 2 : 4; }

/// `values` as the kernels read them, in guarded memory.
static inline void *as_type(kernels_type type, const float *values, int64_t count) {
  void *stored = guarded((size_t)count * width(type));
  for (int64_t i = 0; i < count; i++)
    if (type == KERNELS_BFLOAT16)
      ((uint16_t *)stored)[i] = to_bfloat16(values[i]);
    else
      ((float *)stored)[i] = values[i];
  return stored;
}

/// Random values in [-most, most) as the kernels read them.
static inline void *random_array(kernels_type type, int64_t count, float most) {
  float *values = malloc((size_t)count * 4 + 1);
  for (int64_t i = 0; i < count; i++) values[i] = most * random_value();
  void *stored = as_type(type, values, count);
  free(values);
  return stored;
}

/// Memory for `count` results, behind which nothing may be written.
static inline void *result_array(kernels_type type, int64_t count) {
  return guarded((size_t)count * width(type));
}

/// Checks that a kernel wrote `expected` within float32's rounding (times `units`) or bfloat16's.
static inline void agrees(
  kernels_type type, const void *actual, const double *expected, int64_t count, double units,
  const char *what) {
  double rounding = (type == KERNELS_BFLOAT16 ? 0x1p-8 : 0) + units * 0x1p-23, worst = 0;
  for (int64_t i = 0; i < count; i++) {
    double value = at(type, actual, i);
    double error = value == expected[i] || (isnan(value) && isnan(expected[i]))
                     ? 0
                     : fabs(value - expected[i]) / (rounding * (fabs(expected[i]) + 0.1));
    // Keeps a NaN, too.
    if (!(error <= worst)) worst = error;
  }
  check(
    worst <= 1 && guard_holds(actual, (size_t)count * width(type)),
    "%s, type %d, %d values: %g times the error allowed", what, type, (int)count, worst);
}
