/// Private to the kernels of functions of one tensor.
#pragma once
#include "kernels_private.h"

typedef struct {
  kernels_unary_function function;
  float p, q;
  kernels_type type;
  const void *input, *output_gradient;
  void *result;
} unary;

/// Handles a range of a function that has a kernel by hand, where the processor has AVX512-BF16; otherwise does nothing and
/// gives false.
bool unary_forward_avx512(const unary *u, int64_t begin, int64_t end);
bool unary_backward_avx512(const unary *u, int64_t begin, int64_t end);
