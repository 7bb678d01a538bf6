/// Updates of parameters in place, all float32.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Adam (Kingma and Ba 2015, algorithm 1) with decoupled weight decay (Loshchilov and Hutter 2019).
/// `step` counts from 1; the gradient is multiplied by `gradient_scale` first (clipping).
void kernels_adam(
  float *parameter, const float *gradient, float *first_moment, float *second_moment, int64_t count,
  float learning_rate, float beta1, float beta2, float epsilon, float weight_decay,
  float gradient_scale, int64_t step);

/// Descent with momentum: velocity = momentum * velocity + gradient_scale * gradient, and
/// parameter -= learning_rate * (velocity + weight_decay * parameter).
void kernels_momentum(
  float *parameter, const float *gradient, float *velocity, int64_t count, float learning_rate, float momentum,
  float weight_decay, float gradient_scale);

/// average += (1 - decay) * (parameter - average)
void kernels_moving_average(float *average, const float *parameter, int64_t count, float decay);

/// Adds the parts, in their order, for the elements from `start` on, and writes the sum unless `sum` is null. Gives the sum's
/// squares added up in float64; not finite when any value is not. Stays on the caller's thread.
double kernels_sum_of_parts(const float *const *parts, int64_t part_count, int64_t start, int64_t count, float *sum);

#ifdef __cplusplus
}
#endif
