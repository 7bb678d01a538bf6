/// Private to CKernels: what every kernel file needs.
#pragma once
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "CKernels.h"

/// Compiled once for each instruction set; the loader picks (Linux x86 only).
#if defined(__x86_64__) && defined(__linux__) && !defined(KERNELS_NO_CLONES)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

/// Elements that are converted at a time: small enough for the first-level cache.
enum { BLOCK = 1024 };

/// Fewest elements a thread that make a second thread worth its barrier.
enum { GRAIN = 32768 };

static inline float bfloat16_to_float(uint16_t bits) {
  uint32_t wide = (uint32_t)bits << 16;
  float value;
  memcpy(&value, &wide, 4);
  return value;
}

/// Rounds to nearest, ties to even; a NaN stays one.
static inline uint16_t float_to_bfloat16(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  return (uint16_t)((bits & 0x7fffffff) > 0x7f800000 ? 0x7fc0 : rounded);
}

/// exp for finite and infinite arguments within 2 units in the last place (Cephes' polynomial), in a form
/// that compilers turn into vector instructions.
static inline float fast_exp(float x) {
  x = x < -87.33654f ? -87.33654f : x;
  x = x > 88.72283f ? 88.72283f : x;
  float n = nearbyintf(x * 1.44269504088896341f);
  float r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  // 2^n in two halves, so that n = 128 does not overflow the exponent on its way.
  int32_t whole = (int32_t)n, half = whole >> 1;
  uint32_t first = (uint32_t)(half + 127) << 23, second = (uint32_t)(whole - half + 127) << 23;
  float a, b;
  memcpy(&a, &first, 4);
  memcpy(&b, &second, 4);
  return p * a * b;
}

static inline float fast_sigmoid(float x) { return 1.0f / (1.0f + fast_exp(-x)); }
static inline float fast_tanh(float x) { return 1.0f - 2.0f / (1.0f + fast_exp(2.0f * x)); }

static inline void load_block(kernels_type type, const void *from, int64_t start, int64_t count, float *to) {
  if (type == KERNELS_BFLOAT16) {
    const uint16_t *source = (const uint16_t *)from + start;
    for (int64_t i = 0; i < count; i++) to[i] = bfloat16_to_float(source[i]);
  } else {
    memcpy(to, (const float *)from + start, (size_t)count * 4);
  }
}

static inline void store_block(kernels_type type, const float *from, void *to, int64_t start, int64_t count) {
  if (type == KERNELS_BFLOAT16) {
    uint16_t *target = (uint16_t *)to + start;
    for (int64_t i = 0; i < count; i++) target[i] = float_to_bfloat16(from[i]);
  } else {
    memcpy((float *)to + start, from, (size_t)count * 4);
  }
}
