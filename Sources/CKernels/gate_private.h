/// Private to the gate's kernels.
#pragma once
#include "kernels_private.h"

typedef struct {
  kernels_type type;
  const void *input;
  const float *condition;
  /// The addend on the way forward, the output's gradient on the way back.
  const void *second;
  void *result;
  int64_t rows_per_group, channels, input_stride;
} gate;

/// Handles the rows where the processor has AVX512 with bfloat16; otherwise does nothing and gives false.
bool gate_forward_avx512(const gate *g, int64_t begin, int64_t end);
bool gate_backward_avx512(const gate *g, int64_t begin, int64_t end);
