#include "kernels_private.h"

/// Units that are computed in one loop.
enum { CHUNK = 256 };

CLONES void kernels_gru_forward(const kernels_gru_step *s) {
  float r[CHUNK], z[CHUNK], n[CHUNK], q[CHUNK], p[CHUNK];
  for (int64_t image = 0; image < s->images; image++)
    for (int64_t unit = 0; unit < s->units; unit += CHUNK) {
      int64_t count = s->units - unit < CHUNK ? s->units - unit : CHUNK, units = s->units;
      int64_t input = image * s->input_stride + unit, product = image * 3 * units + unit;
      float *restrict state = s->states + image * units + unit;
      load_block(s->type, s->inputs, input, count, r);
      load_block(s->type, s->products, product, count, p);
      for (int64_t i = 0; i < count; i++) r[i] = fast_sigmoid(r[i] + p[i]);
      load_block(s->type, s->inputs, input + units, count, z);
      load_block(s->type, s->products, product + units, count, p);
      for (int64_t i = 0; i < count; i++) z[i] = fast_sigmoid(z[i] + p[i]);
      load_block(s->type, s->inputs, input + 2 * units, count, n);
      load_block(s->type, s->products, product + 2 * units, count, q);
      for (int64_t i = 0; i < count; i++) {
        q[i] += s->bias[unit + i];
        n[i] = fast_tanh(n[i] + r[i] * q[i]);
        state[i] = n[i] + z[i] * (state[i] - n[i]);
      }
      store_block(s->type, state, s->outputs, image * s->output_stride + unit, count);
      store_block(s->type, state, s->dense, image * units + unit, count);
      if (s->gates == NULL) continue;
      int64_t gate = image * s->gate_stride + unit;
      store_block(s->type, r, s->gates, gate, count);
      store_block(s->type, z, s->gates, gate + units, count);
      store_block(s->type, n, s->gates, gate + 2 * units, count);
      store_block(s->type, q, s->gates, gate + 3 * units, count);
    }
}

CLONES void kernels_gru_backward(const kernels_gru_step_back *s) {
  float r[CHUNK], z[CHUNK], n[CHUNK], q[CHUNK], before[CHUNK], slope[CHUNK], through[CHUNK];
  for (int64_t image = 0; image < s->images; image++)
    for (int64_t unit = 0; unit < s->units; unit += CHUNK) {
      int64_t count = s->units - unit < CHUNK ? s->units - unit : CHUNK, units = s->units;
      int64_t gate = image * s->gate_stride + unit, output = image * s->output_stride + unit;
      float *restrict carried = s->carried + image * units + unit;
      load_block(s->type, s->gates, gate, count, r);
      load_block(s->type, s->gates, gate + units, count, z);
      load_block(s->type, s->gates, gate + 2 * units, count, n);
      load_block(s->type, s->gates, gate + 3 * units, count, q);
      memset(before, 0, sizeof before);
      memset(through, 0, sizeof through);
      if (s->before != NULL) load_block(s->type, s->before, output, count, before);
      if (s->through != NULL) load_block(s->type, s->through, image * units + unit, count, through);
      load_block(s->type, s->of_outputs, output, count, slope);
      for (int64_t i = 0; i < count; i++) {
        float d = slope[i] + carried[i] + through[i];
        float of_n = d * (1.0f - z[i]) * (1.0f - n[i] * n[i]);
        float of_z = d * (before[i] - n[i]) * z[i] * (1.0f - z[i]);
        carried[i] = d * z[i];
        // What r, z and n are now: the gradients of r's sum, of z's, of n's, and of the product behind r.
        z[i] = of_z;
        n[i] = of_n;
        float of_r = of_n * q[i] * r[i] * (1.0f - r[i]);
        q[i] = of_n * r[i];
        r[i] = of_r;
      }
      int64_t input = image * s->input_stride + unit, dense = image * 3 * units + unit;
      const float *of_inputs[] = {r, z, n}, *of_products[] = {r, z, q};
      for (int part = 0; part < 3; part++) {
        store_block(s->type, of_inputs[part], s->of_inputs, input + part * units, count);
        store_block(s->type, of_products[part], s->of_products, input + part * units, count);
        store_block(s->type, of_products[part], s->dense, dense + part * units, count);
      }
    }
}

CLONES void kernels_lstm_forward(
  kernels_type type, int64_t rows, int64_t units, const void *inputs, const void *products,
  const float *cells_before, float *cells, void *states, void *gates) {
  float sums[4][CHUNK], product[CHUNK], state[CHUNK];
  for (int64_t row = 0; row < rows; row++)
    for (int64_t unit = 0; unit < units; unit += CHUNK) {
      int64_t count = units - unit < CHUNK ? units - unit : CHUNK, cell = row * units + unit;
      for (int part = 0; part < 4; part++) {
        int64_t place = (row * 4 + part) * units + unit;
        load_block(type, inputs, place, count, sums[part]);
        load_block(type, products, place, count, product);
        for (int64_t i = 0; i < count; i++) sums[part][i] += product[i];
      }
      for (int64_t i = 0; i < count; i++) {
        sums[0][i] = fast_sigmoid(sums[0][i]);
        sums[1][i] = fast_sigmoid(sums[1][i] + 1.0f);
        sums[2][i] = fast_sigmoid(sums[2][i]);
        sums[3][i] = fast_tanh(sums[3][i]);
        float before = cells_before == NULL ? 0.0f : cells_before[cell + i];
        float after = sums[1][i] * before + sums[0][i] * sums[3][i];
        cells[cell + i] = after;
        state[i] = sums[2][i] * fast_tanh(after);
      }
      store_block(type, state, states, cell, count);
      if (gates == NULL) continue;
      for (int part = 0; part < 4; part++)
        store_block(type, sums[part], gates, (row * 4 + part) * units + unit, count);
    }
}

CLONES void kernels_lstm_backward(
  kernels_type type, int64_t rows, int64_t units, const void *gates, const float *cells_before, const float *cells,
  const void *of_states, const void *through, float *carried, void *of_sums) {
  float gate[4][CHUNK], slope[CHUNK], behind[CHUNK];
  for (int64_t row = 0; row < rows; row++)
    for (int64_t unit = 0; unit < units; unit += CHUNK) {
      int64_t count = units - unit < CHUNK ? units - unit : CHUNK, cell = row * units + unit;
      for (int part = 0; part < 4; part++)
        load_block(type, gates, (row * 4 + part) * units + unit, count, gate[part]);
      load_block(type, of_states, cell, count, slope);
      memset(behind, 0, sizeof behind);
      if (through != NULL) load_block(type, through, cell, count, behind);
      for (int64_t k = 0; k < count; k++) {
        float i = gate[0][k], f = gate[1][k], o = gate[2][k], g = gate[3][k];
        float d = slope[k] + behind[k], t = fast_tanh(cells[cell + k]);
        float of_cell = carried[cell + k] + d * o * (1.0f - t * t);
        float before = cells_before == NULL ? 0.0f : cells_before[cell + k];
        gate[0][k] = of_cell * g * i * (1.0f - i);
        gate[1][k] = of_cell * before * f * (1.0f - f);
        gate[2][k] = d * t * o * (1.0f - o);
        gate[3][k] = of_cell * i * (1.0f - g * g);
        carried[cell + k] = of_cell * f;
      }
      for (int part = 0; part < 4; part++)
        store_block(type, gate[part], of_sums, (row * 4 + part) * units + unit, count);
    }
}
