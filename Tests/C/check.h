/// What the C tests share: counting checks, repeatable random values, bfloat16, guarded memory.
#pragma once
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int passed, failed;

/// Counts one check and says on standard error which failed.
__attribute__((format(printf, 2, 3))) static void check(bool holds, const char *format, ...) {
  if (holds) {
    passed++;
    return;
  }
  failed++;
  va_list arguments;
  va_start(arguments, format);
  fputs("FAILED: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
}

/// Prints the count and gives the exit status.
static int finish(void) {
  printf("%d passed, %d failed\n", passed, failed);
  return failed != 0;
}

/// SplitMix64 (Steele, Lea and Flood 2014).
static uint64_t random_state = 1;
static inline uint64_t random_bits(void) {
  uint64_t z = random_state += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

/// An integer in [least, most].
static inline int64_t random_integer(int64_t least, int64_t most) {
  return least + (int64_t)(random_bits() % (uint64_t)(most - least + 1));
}

/// Uniform in [-1, 1).
static inline float random_value(void) {
  return (float)((double)(random_bits() >> 11) * 0x1p-52 - 1.0);
}

static inline float bits_to_float(uint32_t bits) {
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

static inline uint32_t float_to_bits(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  return bits;
}

static inline float from_bfloat16(uint16_t bits) { return bits_to_float((uint32_t)bits << 16); }

/// By search among neighbours, not by the trick that it tests: the nearest, the even one of two.
static inline uint16_t to_bfloat16(float value) {
  if (isnan(value)) return 0x7fc0;
  uint16_t down = (uint16_t)(float_to_bits(value) >> 16);
  if (isinf(value)) return down;
  double below = from_bfloat16(down), here = value;
  // One step further from zero; beyond the largest finite value the step is as wide as the last.
  uint16_t up = (uint16_t)(down + 1);
  double above = (up & 0x7f80) == 0x7f80 ? copysign(0x1p128, here) : from_bfloat16(up);
  double to_below = fabs(here - below), to_above = fabs(above - here);
  if (to_below == to_above) return down & 1 ? up : down;
  return to_below < to_above ? down : up;
}

/// Bytes with a mark behind them that shows a write past the end.
enum { GUARD = 64 };

static inline void *guarded(size_t size) {
  size_t whole = (size + GUARD + 63) / 64 * 64;
  unsigned char *memory = aligned_alloc(64, whole);
  if (!memory) abort();
  memset(memory, 0xA5, whole);
  return memory;
}

static inline bool guard_holds(const void *memory, size_t size) {
  const unsigned char *mark = (const unsigned char *)memory + size;
  for (int i = 0; i < GUARD; i++)
    if (mark[i] != 0xA5) return false;
  return true;
}
