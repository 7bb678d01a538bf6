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

/// One step of long short-term memory: with s the sums of inputs and products, i = sigmoid(s_i), f = sigmoid(s_f + 1), o = sigmoid(s_o), g =
/// tanh(s_g), the cell f cell + i g and the state o tanh(cell).
///
/// `inputs` and `products` have dense rows of 4 x units (i, f, o, g), `gates` too, or is null; `cells_before` float32 `[rows, units]`, or null
/// where they are zero, `cells` those after the step; `states` gets the states.
void kernels_lstm_forward(
  kernels_type type, int64_t rows, int64_t units, const void *inputs, const void *products,
  const float *cells_before, float *cells, void *states, void *gates);

/// The same step backwards: `carried` float32 `[rows, units]`, in place, is what the steps behind give to the cell; `through`
/// what they give to the state by the products, or null; `of_sums` gets the gradients of inputs and products.
void kernels_lstm_backward(
  kernels_type type, int64_t rows, int64_t units, const void *gates, const float *cells_before, const float *cells,
  const void *of_states, const void *through, float *carried, void *of_sums);

#ifdef __cplusplus
}
#endif
