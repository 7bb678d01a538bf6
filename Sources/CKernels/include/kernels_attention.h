/// Attention of every place to the places before it, one head.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Sizes of both ways.
typedef struct {
  int64_t images, places, key_size, value_size;
} kernels_attention_shape;

/// Floats of memory that a way needs to work in; `backwards` asks for the gradients' way.
int64_t kernels_attention_workspace(kernels_attention_shape shape, int backwards);

/// out_i = sum over j < i of p_ij v_j with p_ij in proportion to exp(scale q_i k_j); zeros for the first place.
///
/// `queries` and `keys` `[images, places, key_size]`, `values` and `outputs` `[images, places, value_size]`, `log_sums` `[images, places]`: the
/// logarithm of what p is divided by, which the way back needs; all float32.
void kernels_attention_forward(
  kernels_attention_shape shape, float scale, const float *queries, const float *keys, const float *values,
  float *workspace, float *outputs, float *log_sums);

/// The gradients of queries, keys and values from those of the outputs; probabilities are computed again.
void kernels_attention_backward(
  kernels_attention_shape shape, float scale, const float *queries, const float *keys, const float *values,
  const float *outputs, const float *log_sums, const float *of_outputs, float *workspace, float *of_queries,
  float *of_keys, float *of_values);

/// One place of every image: `seen` places are before it.
///
/// `queries` `[images, key_size]`; `keys` `[images, key_size, places]`, a feature's places side by side; `values` `[images, places, value_size]`;
/// `outputs` `[images, value_size]`. `places` and `value_size` are multiples of 16. `scores` has `places` floats to work in.
void kernels_attention_step(
  kernels_attention_shape shape, float scale, int64_t seen, const float *queries, const float *keys,
  const float *values, float *scores, float *outputs);

#ifdef __cplusplus
}
#endif
