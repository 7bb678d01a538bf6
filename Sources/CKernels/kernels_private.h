/// Private to CKernels: what every kernel file needs.
#pragma once
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "CKernels.h"
#include "profile_private.h"

/// Compiled once for each instruction set; the loader picks (Linux x86 only).
#if defined(__x86_64__) && defined(__linux__) && !defined(KERNELS_NO_CLONES)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

/// For the loops that a function with CLONES is made of: only what is inlined is compiled for its instruction set.
#define INLINED static inline __attribute__((always_inline))

/// Elements that are converted at a time: small enough for the first-level cache.
enum { BLOCK = 1024 };

/// Fewest elements a thread that make a second thread worth its barrier.
enum { GRAIN = 32768 };

/// Bytes of one element.
INLINED int64_t kernels_size(kernels_type type) { return type == KERNELS_BFLOAT16 ? 2 : 4; }

INLINED float bfloat16_to_float(uint16_t bits) {
  uint32_t wide = (uint32_t)bits << 16;
  float value;
  memcpy(&value, &wide, 4);
  return value;
}

/// Rounds to nearest, ties to even; a NaN stays one.
INLINED uint16_t float_to_bfloat16(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  return (uint16_t)((bits & 0x7fffffff) > 0x7f800000 ? 0x7fc0 : rounded);
}

/// The square root. The C library's may set errno, which keeps compilers from turning a loop of it into vector
/// instructions: Adam took four times as long.
INLINED float square_root(float x) {
#ifdef __clang__
  return __builtin_elementwise_sqrt(x);
#else
  return sqrtf(x);
#endif
}

/// exp for finite and infinite arguments within 2 units in the last place (Cephes' polynomial), in a form
/// that compilers turn into vector instructions.
INLINED float fast_exp(float x) {
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

INLINED float fast_sigmoid(float x) { return 1.0f / (1.0f + fast_exp(-x)); }

/// tanh within a few units in the last place, near 0 too, where the quotient would lose them (Cephes).
INLINED float fast_tanh(float x) {
  float far = 1.0f - 2.0f / (1.0f + fast_exp(2.0f * x)), z = x * x;
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  return z < 0.390625f ? p * z * x + x : far;
}

/// exp(x) - 1, accurate near 0 too.
INLINED float fast_expm1(float x) {
  float p = 1.9875691500e-4f;
  p = p * x + 1.3981999507e-3f;
  p = p * x + 8.3334519073e-3f;
  p = p * x + 4.1665795894e-2f;
  p = p * x + 1.6666665459e-1f;
  p = p * x + 5.0000001201e-1f;
  return x > -0.34f && x < 0.34f ? p * x * x + x : fast_exp(x) - 1.0f;
}

/// The natural logarithm within 2 units in the last place (Cephes' polynomial), vectorisable as fast_exp is;
/// -infinity at 0, NaN below.
INLINED float fast_log(float x) {
  bool tiny = x < 1.17549435e-38f;
  float scaled = tiny ? x * 8388608.0f : x;
  int32_t bits;
  memcpy(&bits, &scaled, 4);
  // The mantissa m lies in [sqrt(1/2), sqrt(2)).
  int32_t exponent = (bits - 0x3f3504f3) >> 23;
  int32_t mantissa = bits - (int32_t)((uint32_t)exponent << 23);
  float m, n = (float)exponent - (tiny ? 23.0f : 0.0f);
  memcpy(&m, &mantissa, 4);
  float r = m - 1.0f, z = r * r;
  float p = 7.0376836292e-2f;
  p = p * r - 1.1514610310e-1f;
  p = p * r + 1.1676998740e-1f;
  p = p * r - 1.2420140846e-1f;
  p = p * r + 1.4249322787e-1f;
  p = p * r - 1.6668057665e-1f;
  p = p * r + 2.0000714765e-1f;
  p = p * r - 2.4999993993e-1f;
  p = p * r + 3.3333331174e-1f;
  float result = p * r * z + n * -2.12194440e-4f - 0.5f * z + r + n * 0.693359375f;
  result = x == INFINITY ? x : result;
  return x > 0.0f ? result : x == 0.0f ? -INFINITY : NAN;
}

/// log(1 + x) for x of at least 0, accurate near 0 too: what rounding 1 + x lost is put back.
INLINED float fast_log1p(float x) {
  float u = 1.0f + x;
  return fast_log(u) - ((u - 1.0f) - x) / u;
}

INLINED float fast_softplus(float x) { return (x > 0.0f ? x : 0.0f) + fast_log1p(fast_exp(-fabsf(x))); }

INLINED void load_block(kernels_type type, const void *from, int64_t start, int64_t count, float *to) {
  if (type == KERNELS_BFLOAT16) {
    const uint16_t *source = (const uint16_t *)from + start;
    for (int64_t i = 0; i < count; i++) to[i] = bfloat16_to_float(source[i]);
  } else {
    memcpy(to, (const float *)from + start, (size_t)count * 4);
  }
}

INLINED void store_block(kernels_type type, const float *from, void *to, int64_t start, int64_t count) {
  if (type == KERNELS_BFLOAT16) {
    uint16_t *target = (uint16_t *)to + start;
    for (int64_t i = 0; i < count; i++) target[i] = float_to_bfloat16(from[i]);
  } else {
    memcpy((float *)to + start, from, (size_t)count * 4);
  }
}

/// The block as float32: the memory itself where it is that, else converted into `block`.
INLINED const float *float_block(
  kernels_type type, const void *from, int64_t start, int64_t count, float *block) {
  if (type == KERNELS_FLOAT32) return (const float *)from + start;
  load_block(type, from, start, count, block);
  return block;
}

/// Sum of a row in 16 lanes: a fixed order that vectorises without reassociation.
INLINED float row_sum(const float *row, int64_t count) {
  float lanes[16] = {0}, sum = 0;
  int64_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (int lane = 0; lane < 16; lane++) lanes[lane] += row[i + lane];
  for (; i < count; i++) sum += row[i];
  for (int width = 8; width > 0; width /= 2)
    for (int lane = 0; lane < width; lane++) lanes[lane] += lanes[lane + width];
  return sum + lanes[0];
}

/// The largest of a row of at least one value.
INLINED float row_max(const float *row, int64_t count) {
  float lanes[16], most = row[0];
  int64_t i = 0;
  for (int lane = 0; lane < 16; lane++) lanes[lane] = row[0];
  for (; i + 16 <= count; i += 16)
    for (int lane = 0; lane < 16; lane++) lanes[lane] = lanes[lane] < row[i + lane] ? row[i + lane] : lanes[lane];
  for (; i < count; i++) most = most < row[i] ? row[i] : most;
  for (int lane = 0; lane < 16; lane++) most = most < lanes[lane] ? lanes[lane] : most;
  return most;
}
