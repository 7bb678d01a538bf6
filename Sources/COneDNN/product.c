#include "plan.h"

/// The layout of a rows x columns matrix that is stored row-major, or transposed.
static int matrix_layout(
  layout *out, int64_t rows, int64_t columns, int64_t stride, bool transposed, dnnl_data_type_t type) {
  dnnl_dims_t sizes = {rows, columns};
  int64_t dense = transposed ? rows : columns;
  int64_t row = stride ? stride : dense;
  dnnl_dims_t strides = {transposed ? 1 : row, transposed ? row : 1};
  return onednn_dense_layout(out, 2, sizes, strides, type);
}

static bool is_sensible(const onednn_product *s) {
  int64_t a = s->transpose_a ? s->rows : s->inner, b = s->transpose_b ? s->inner : s->columns;
  return s->rows > 0 && s->columns > 0 && s->inner > 0 && (!s->a_stride || s->a_stride >= a)
         && (!s->b_stride || s->b_stride >= b) && (!s->c_stride || s->c_stride >= s->columns);
}

static int build(onednn_plan *plan, const void *wanted) {
  const onednn_product *s = wanted;
  if (!is_sensible(s))
    return onednn_fail("product sizes below 1 or rows that overlap", dnnl_invalid_arguments);
  layout a = {0}, b = {0}, dense_b = {0}, c = {0}, bias = {0};
  dnnl_dims_t b_sizes = {s->inner, s->columns};
  dnnl_dims_t bias_sizes = {1, s->columns}, bias_strides = {s->columns, 1};
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t description = NULL;
  int failed =
    matrix_layout(&a, s->rows, s->inner, s->a_stride, s->transpose_a, onednn_data_type(s->a_type))
    || matrix_layout(&dense_b, s->inner, s->columns, s->b_stride, s->transpose_b, dnnl_f32)
    || (s->packed ? onednn_any_layout(&b, 2, b_sizes, onednn_data_type(s->b_type))
                  : matrix_layout(
                    &b, s->inner, s->columns, s->b_stride, s->transpose_b,
                    onednn_data_type(s->b_type)))
    || matrix_layout(&c, s->rows, s->columns, s->c_stride, false, onednn_data_type(s->c_type))
    || onednn_dense_layout(&bias, 2, bias_sizes, bias_strides, dnnl_f32)
    || onednn_attributes(&attributes, s->accumulate);
  if (!failed) {
#if DNNL_VERSION_MAJOR >= 3
    dnnl_status_t status = dnnl_matmul_primitive_desc_create(
      &description, onednn_engine(), a, b, s->bias ? bias : NULL, c, attributes);
#else
    dnnl_matmul_desc_t product;
    dnnl_status_t status = dnnl_matmul_desc_init(&product, &a, &b, s->bias ? &bias : NULL, &c);
    if (status == dnnl_success)
      status = dnnl_primitive_desc_create(&description, &product, attributes, onednn_engine(), NULL);
#endif
    if (status != dnnl_success) failed = onednn_fail("matrix product", status);
  }
  if (!failed)
    failed = onednn_plan_build(
      plan, description, dnnl_query_src_md, DNNL_ARG_SRC, dnnl_query_weights_md, DNNL_ARG_WEIGHTS,
      s->bias, dnnl_query_weights_md, DNNL_ARG_BIAS, dnnl_query_dst_md, DNNL_ARG_DST);
  if (!failed && s->packed) {
    layout_reference packed = dnnl_primitive_desc_query_md(description, dnnl_query_weights_md, 0);
    plan->packed_size = dnnl_memory_desc_get_size(packed);
    failed = onednn_reorder_create(&plan->pack, REFERENCE(dense_b), packed);
  }
  if (description) dnnl_primitive_desc_destroy(description);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  onednn_free_layout(&a);
  onednn_free_layout(&b);
  onednn_free_layout(&dense_b);
  onednn_free_layout(&c);
  onednn_free_layout(&bias);
  return failed;
}

int onednn_matrix_product(onednn_plan **plan, const onednn_product *shape, int threads) {
  return onednn_plan_make(plan, threads, build, shape);
}
