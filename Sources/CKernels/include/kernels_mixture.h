/// The discretised logistic mixture of PixelCNN++ (Salimans et al. 2017, section 2.1 and 2.2).
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Negative log-likelihood in nats of each pixel, and its gradient.
///
/// A pixel of `channels` (1 or 3) values of `levels` levels has, one after another, `mixtures` logits, then for each
/// channel `mixtures` means and `mixtures` log scales, then with 3 channels 3 x `mixtures` coefficients: red to
/// green, red to blue, green to blue. `targets` are levels. `gradient`, if not null, gets the gradient of each
/// pixel's value with respect to its parameters.
///
/// `start`, if not null, is what log scales and coefficients are relative to, a number for each parameter (those for
/// others are not read): they are then the sums. Without, coefficients are the hyperbolic tangents of their numbers.
void kernels_logistic_mixture(
  const float *parameters, const float *targets, const float *start, float *values, float *gradient,
  int64_t pixels, int64_t channels, int64_t mixtures, int64_t levels);

#ifdef __cplusplus
}
#endif
