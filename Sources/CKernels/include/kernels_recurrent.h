/// The elementwise part of recurrent cells, a step of a sequence at a time; the products between are oneDNN's.
#pragma once
#include <stdint.h>

#include "kernels_convert.h"

#ifdef __cplusplus
extern "C" {
#endif

/// One step of gated recurrent units: for each image and unit, with a the sums of the inputs and p those of the state before, r = sigmoid(a_r +
/// p_r), z = sigmoid(a_z + p_z), q = p_n + bias, n = tanh(a_n + r q), and the state (1 - z) n + z state.
///
/// `inputs` has rows of 3 x units (r, z, n), `input_stride` elements apart, `products` dense such rows, `gates` rows of 4 x
/// units (r, z, n, q), `gate_stride` apart, or null; `states` float32 `[images, units]`, in place; `outputs` gets the states, in
/// rows `output_stride` apart, and `dense` the same without gaps.
typedef struct {
  kernels_type type;
  int64_t images, units;
  const void *inputs;
  int64_t input_stride;
  const void *products;
  const float *bias;
  float *states;
  void *gates;
  int64_t gate_stride;
  void *outputs;
  int64_t output_stride;
  void *dense;
} kernels_gru_step;

void kernels_gru_forward(const kernels_gru_step *step);

/// The same step backwards.
///
/// `carried` float32 `[images, units]`, in place: what the steps behind give to the state after this one, by the gate z alone; `through`
/// dense rows of what they give it by the products, or null; `of_outputs` the gradient of the outputs. `before` has the
/// states before the step in rows `output_stride` apart, or is null where they are zero. `of_inputs` gets the gradients of the inputs, `of_products`
/// and `dense` those of the products, all in rows of 3 x units, `input_stride` apart but for the last.
typedef struct {
  kernels_type type;
  int64_t images, units;
  const void *gates;
  int64_t gate_stride;
  const void *before, *of_outputs;
  int64_t output_stride;
  const void *through;
  float *carried;
  void *of_inputs, *of_products;
  int64_t input_stride;
  void *dense;
} kernels_gru_step_back;

void kernels_gru_backward(const kernels_gru_step_back *step);

#ifdef __cplusplus
}
#endif
