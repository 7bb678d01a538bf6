/// CKernels' optimisers, moving average and sum of gradients.
#include "CKernels.h"
#include "kernels_check.h"

static void test_adam(int64_t count, double decay, double scale) {
  size_t size = (size_t)count * 4;
  float *p = guarded(size), *m = guarded(size), *v = guarded(size), *g = guarded(size);
  double *exact = malloc((size_t)count * 3 * 8), *first = exact + count, *second = first + count;
  memset(m, 0, size);
  memset(v, 0, size);
  for (int64_t i = 0; i < count; i++) {
    exact[i] = p[i] = random_value();
    first[i] = second[i] = 0;
  }
  const double rate = 1e-2, beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f;
  for (int64_t step = 1; step <= 30; step++) {
    // Gradients of very unlike sizes, and none at all.
    for (int64_t i = 0; i < count; i++)
      g[i] = i % 5 == 4 ? 0 : random_value() * powf(10, (float)(i % 9 - 6));
    kernels_adam(
      p, g, m, v, count, (float)rate, (float)beta1, (float)beta2, (float)epsilon, (float)decay,
      (float)scale, step);
    for (int64_t i = 0; i < count; i++) {
      double gradient = g[i] * scale;
      first[i] = beta1 * first[i] + (1 - beta1) * gradient;
      second[i] = beta2 * second[i] + (1 - beta2) * gradient * gradient;
      double m_hat = first[i] / (1 - pow(beta1, (double)step));
      double v_hat = second[i] / (1 - pow(beta2, (double)step));
      exact[i] -= rate * (m_hat / (sqrt(v_hat) + epsilon) + decay * exact[i]);
    }
  }
  double worst = 0;
  for (int64_t i = 0; i < count; i++) {
    double error = fabs(p[i] - exact[i]);
    if (!(error <= worst)) worst = error;
  }
  check(
    worst < 2e-6 && guard_holds(p, size) && guard_holds(m, size) && guard_holds(v, size),
    "Adam, %d parameters, decay %g, scale %g: off by %g", (int)count, decay, scale, worst);
  float before = m[0], parameter = p[0];
  kernels_moving_average(m, p, count, 0.75f);
  check(fabs(m[0] - (before + 0.25 * ((double)parameter - before))) < 1e-6, "moving average");
  free(p);
  free(m);
  free(v);
  free(g);
  free(exact);
}

static void test_sum_of_parts(int64_t start, int64_t count) {
  size_t size = (size_t)(start + count) * 4;
  float *parts[3], *sum = guarded(size);
  for (int part = 0; part < 3; part++) parts[part] = random_array(KERNELS_FLOAT32, start + count, 1);
  const float *const *given = (const float *const *)parts;
  memset(sum, 0, size);
  double squares = kernels_sum_of_parts(given, 3, start, count, sum), of_sum = 0, of_first = 0;
  bool is_sum = true;
  for (int64_t i = 0; i < start + count; i++) {
    float expected = i < start ? 0 : (parts[0][i] + parts[1][i]) + parts[2][i];
    is_sum = is_sum && sum[i] == expected;
    of_sum += (double)expected * expected;
    of_first += i < start ? 0 : (double)parts[0][i] * parts[0][i];
  }
  check(
    is_sum && guard_holds(sum, size) && fabs(squares - of_sum) <= 1e-12 * of_sum, "sum of three parts of %d from %d",
    (int)count, (int)start);
  squares = kernels_sum_of_parts(given, 1, start, count, NULL);
  check(fabs(squares - of_first) <= 1e-12 * of_first, "squares of one part of %d", (int)count);
  parts[2][start + count - 1] = NAN;
  check(!isfinite(kernels_sum_of_parts(given, 3, start, count, sum)), "a NaN shows in the squares");
  parts[0][start + count - 1] = -INFINITY;
  check(!isfinite(kernels_sum_of_parts(given, 1, start, count, NULL)), "an infinity shows in the squares");
  free(parts[0]), free(parts[1]), free(parts[2]), free(sum);
}

static void test_momentum(int64_t count, double momentum, double decay, double scale) {
  size_t size = (size_t)count * 4;
  float *p = guarded(size), *v = guarded(size), *g = guarded(size);
  double *exact = malloc((size_t)count * 2 * 8), *velocity = exact + count;
  memset(v, 0, size);
  for (int64_t i = 0; i < count; i++) {
    exact[i] = p[i] = random_value();
    velocity[i] = 0;
  }
  const double rate = 1e-2f;
  double worst = 0;
  for (int step = 0; step < 30; step++) {
    for (int64_t i = 0; i < count; i++) g[i] = i % 5 == 4 ? 0 : random_value();
    kernels_momentum(p, g, v, count, (float)rate, (float)momentum, (float)decay, (float)scale);
    for (int64_t i = 0; i < count; i++) {
      velocity[i] = (float)momentum * velocity[i] + scale * g[i];
      exact[i] -= rate * (velocity[i] + (float)decay * exact[i]);
      double error = fabs(p[i] - exact[i]);
      if (!(error <= worst)) worst = error;
    }
  }
  check(
    worst < 2e-6 && guard_holds(p, size) && guard_holds(v, size),
    "descent, %d parameters, momentum %g, decay %g, scale %g: off by %g", (int)count, momentum, decay, scale, worst);
  free(p);
  free(v);
  free(g);
  free(exact);
}

int main(void) {
  test_sum_of_parts(0, 1);
  test_sum_of_parts(7, 1024);
  test_sum_of_parts(1000, 3001);
  test_adam(1, 0, 1);
  test_adam(1003, 0, 1);
  test_adam(257, 0.1, 0.25);
  test_momentum(1, 0.9, 0, 1);
  test_momentum(1003, 0.9, 0, 1);
  test_momentum(70001, 0, 0, 2);
  test_momentum(257, 0.5, 0.1, 0.25);
  return finish();
}
